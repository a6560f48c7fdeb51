import { HEAL_MS } from '../checker/i11-live.ts'
import type { Recorder } from '../recorder.ts'
import type { Workload } from '../workload.ts'

/**
 * Milliseconds without an event after which nothing more is expected: within one server, and where an entry that was
 * lost on the way is noticed after five seconds.
 */
export const QUIET_MS = { oneServer: 1_000, fleet: 5_500 }
const POLL_MS = 100
/**
 * Within this a read position that the bus has lost reaches the devices that stayed connected: publications are given up
 * after 5 s, the loss is told a second later, and 7 s later at most everybody is asked to sync.
 */
export const LIVE_READ_MS = 15_000

interface Bounds {
  readonly withinMs: number
  readonly quietMs: number
}

/** Marks the healing; resolves when all is decided and quiet, or when `withinMs` are over. */
export async function settle(
  workload: Workload,
  recorder: Recorder,
  { withinMs, quietMs }: Bounds,
): Promise<void> {
  const { history } = recorder
  const healed = recorder.now()
  recorder.add({ type: 'nemesis', at: healed, mark: 'heal', withinMs })
  for (let quiet = 0, events = -1; quiet < quietMs && recorder.now() < healed + withinMs;) {
    await Bun.sleep(POLL_MS)
    const isQuiet = workload.undecided === 0 && history.events === events
    quiet = isQuiet ? quiet + POLL_MS : 0
    events = history.events
  }
}

/**
 * Records the read positions that devices have without having come back, as if they were asked: at rest each has what
 * any device of the person was told.
 */
export async function readLive({ sessions }: Live, recorder: Pick<Recorder, 'now' | 'add'>): Promise<void> {
  const live = sessions.filter(({ isLive }) => isLive)
  const until = recorder.now() + LIVE_READ_MS
  while (!isAgreed(live) && recorder.now() < until) {
    await Bun.sleep(POLL_MS)
  }
  const asked = recorder.now()
  for (const { name: session, userId: user, isLive, reads } of live) {
    for (const [conv, seq] of isLive ? reads : []) {
      recorder.add({ type: 'read', at: recorder.now(), asked, session, user, conv, seq })
    }
  }
}

interface Live {
  readonly sessions: readonly Pick<Workload['sessions'][number], 'name' | 'userId' | 'isLive' | 'reads'>[]
}

/** Whether all devices of a person have the same positions. */
function isAgreed(sessions: Live['sessions']): boolean {
  const furthest = new Map<string, number>()
  const keyOf = (user: string, conv: string) => `${user} ${conv}`
  for (const { userId, reads } of sessions) {
    for (const [conv, seq] of reads) {
      const key = keyOf(userId, conv)
      furthest.set(key, Math.max(seq, furthest.get(key) ?? 0))
    }
  }
  return sessions.every(({ userId, reads }) =>
    [...reads].every(([conv, seq]) => seq === furthest.get(keyOf(userId, conv))),
  )
}

/** Records what each device says at rest about read positions and unread counts. */
export async function readStates({ sessions }: Workload, recorder: Recorder): Promise<void> {
  await Promise.race([Promise.all(sessions.map((session) => session.reconnect())), Bun.sleep(HEAL_MS)])
  for (const [index, { userId: user, conversations }] of sessions.entries()) {
    const common = { at: recorder.now(), session: `rest-${index}`, user }
    for (const { id: conv, read, unread } of conversations) {
      recorder.add({ type: 'unread', ...common, conv, read, unread })
    }
  }
}
