import type { EventItem, Timeline, TimelineItem } from '@tam/client'
import { localDay, timeOf } from './rows.logic.ts'

/** Fewer changes of membership in a row than this stay a line each. */
export const RUN_MIN = 3

/**
 * Changes of membership of the same kind right after one another, shown as one line. It stands for all of them:
 * `key`, `seq` and `entry` are the last one's, so that seeing the line is having read up to there.
 */
export interface EventRun extends EventItem {
  readonly run: readonly EventItem[]
}

export function isRun(item: TimelineItem | undefined): item is EventRun {
  return item !== undefined && 'run' in item
}

/** The first seq that an item stands for; null for what is not stored. */
export function firstSeqOf(item: TimelineItem): number | null {
  return isRun(item) ? (item.run[0]?.seq ?? item.seq) : item.seq
}

/** Makes runs of what is loaded and remembers them: an unchanged run is the same object. */
export function createFold(): (timeline: Timeline) => Timeline {
  let known = new Map<string, EventRun>()
  return (timeline) => {
    const runs = new Map<string, EventRun>()
    const items: TimelineItem[] = []
    for (const group of groupsOf(timeline.items)) {
      const run = group.length < RUN_MIN ? undefined : runOf(group, known)
      if (run === undefined) {
        items.push(...group)
      } else {
        runs.set(run.key, run)
        items.push(run)
      }
    }
    known = runs
    return runs.size === 0 ? timeline : { ...timeline, items }
  }
}

/** Items that may be one line together, in order. */
function* groupsOf(items: readonly TimelineItem[]): Generator<readonly TimelineItem[]> {
  let start = 0
  for (let end = 1; end <= items.length; end++) {
    if (!belongTogether(items[end - 1], items[end])) {
      yield items.slice(start, end)
      start = end
    }
  }
}

function belongTogether(a: TimelineItem | undefined, b: TimelineItem | undefined): boolean {
  if (a?.type !== 'event' || b?.type !== 'event' || a.entry.type !== 'member' || b.entry.type !== 'member') {
    return false
  }
  const { change, from } = a.entry
  // Who joins or leaves does it alone; who adds and removes is part of the sentence.
  const sameActor = change === 'joined' || change === 'left' || from === b.entry.from
  const sameDay = localDay(timeOf(a)) === localDay(timeOf(b))
  return change !== 'role' && change === b.entry.change && sameActor && sameDay
}

function runOf(group: readonly TimelineItem[], known: ReadonlyMap<string, EventRun>): EventRun | undefined {
  const run = group.filter((item) => item.type === 'event')
  const last = run.at(-1)
  if (last === undefined) {
    return undefined
  }
  const before = known.get(last.key)
  return before?.run.length === run.length && before.run[0] === run[0] ? before : { ...last, run }
}
