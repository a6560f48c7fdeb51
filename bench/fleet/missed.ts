import { encodeBody } from '@tam/server/log/log.ts'
import { BLOCK, blockStart } from '@tam/server/messages/entry-cache.ts'
import { sidesOf } from '@tam/server/messages/read-position.ts'
import { readEpoch } from '@tam/server/roles/epoch.ts'
import { must, systemRandom } from '@tam/util'
import { dialogues } from '../../tools/seed/corpus.ts'
import { inParallel, openOffline } from '../seed/offline.ts'
import type { Member, Offline } from '../seed/offline.ts'

/** Entries missed in a conversation with a gap. */
export const GAP = 5
/** One conversation in so many has a gap. */
const GAP_EVERY = 7
const AT_ONCE = 64

/** What somebody who was connected a moment ago holds. */
export interface Held {
  /** As in a `sync`: what was there before the gaps. */
  readonly cursors: Readonly<Record<string, number>>
  /** Entries that are missing. */
  readonly missed: number
}

export interface Missed {
  readonly epoch: string
  /** In the order of the members. */
  readonly held: readonly Held[]
  /** Conversations the members are in, together; and those of them with a gap. */
  readonly conversations: number
  readonly gaps: number
  /** Blocks of entries, as they are read and remembered, that last messages, counts of unread and gaps lie in. */
  readonly blocks: number
}

/** Appends entries to some conversations, and says what the members held before. */
export async function appendMissed(dataDir: string, members: readonly Member[]): Promise<Missed> {
  await using offline = await openOffline(dataDir)
  const sides = await listSides(offline, members)
  const convsOf = sides.map((positions) => [...positions.keys()])
  const heads = new Map<string, number>()
  const all = [...new Set(convsOf.flat())]
  const author = must(members[0]).id
  // A conversation ends with a message, as they do: the seed has only joinings.
  await inParallel(all.length, AT_ONCE, (index) =>
    append(offline, { conv: must(all[index]), author, count: 1 }),
  )
  const logs = [...all, ...members.map(({ id }) => id)]
  await inParallel(logs.length, AT_ONCE, async (index) => {
    const log = must(logs[index])
    heads.set(log, await offline.log.head(log))
  })
  const gaps = all.filter(hasGap)
  await inParallel(gaps.length, AT_ONCE, (index) =>
    append(offline, { conv: must(gaps[index]), author, count: GAP }),
  )
  const held = members.map(({ id }, index) => {
    const convs = convsOf[index] ?? []
    return {
      cursors: Object.fromEntries([id, ...convs].map((log) => [log, heads.get(log) ?? 0])),
      missed: convs.filter(hasGap).length * GAP,
    }
  })
  const epoch = await readEpoch(offline.kv, systemRandom)
  const ends = new Map(all.map((conv) => [conv, (heads.get(conv) ?? 0) + (hasGap(conv) ? GAP : 0)]))
  const blocks = countBlocks(sides, ends)
  return { epoch, held, conversations: all.length, gaps: gaps.length, blocks }
}

/** The same conversations in every run over the same seed. */
function hasGap(conv: string): boolean {
  return Number(Bun.hash.wyhash(conv) % BigInt(GAP_EVERY)) === 0
}

/** Of each member: conversations, and where reading ended. */
async function listSides({ kv }: Offline, members: readonly Member[]): Promise<Map<string, number>[]> {
  const sides: Map<string, number>[] = []
  await inParallel(members.length, AT_ONCE, async (index) => {
    const positions = await sidesOf(kv, must(members[index]).id)
    sides[index] = new Map([...positions].map(([conv, { position }]) => [conv, position.seq]))
  })
  return sides
}

function countBlocks(
  sides: readonly ReadonlyMap<string, number>[],
  ends: ReadonlyMap<string, number>,
): number {
  const blocks = new Set<string>()
  for (const side of sides) {
    for (const [conv, read] of side) {
      const end = must(ends.get(conv))
      for (let start = blockStart(Math.min(read + 1, end)); start <= end; start += BLOCK) {
        blocks.add(`${conv} ${start}`)
      }
    }
  }
  return blocks.size
}

interface Messages {
  readonly conv: string
  readonly author: string
  readonly count: number
}

async function append({ log }: Offline, { conv, author, count }: Messages): Promise<void> {
  const texts = dialogues.flat()
  for (let i = 0; i < count; i++) {
    const id = `missed-${count}-${i}`
    const at = new Date(Date.UTC(2026, 0, 1) + i * 1_000).toISOString()
    const text = texts[i] ?? ''
    const body = encodeBody({ type: 'message', id, from: author, cid: id, text, at })
    const result = await log.append(conv, { author, cid: id, sha: 'bench', base: 0, body })
    if (!result.ok) {
      throw new Error(`seeding failed: ${result.code}`)
    }
  }
}
