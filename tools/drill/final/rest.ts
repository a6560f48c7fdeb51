import { HEAL_MS } from '../checker/i11-live.ts'
import type { Recorder } from '../recorder.ts'
import type { Workload } from '../workload.ts'

/**
 * Milliseconds without an event after which nothing more is expected: within one server, and where an entry that was
 * lost on the way is noticed after five seconds.
 */
export const QUIET_MS = { oneServer: 1_000, fleet: 5_500 }
const POLL_MS = 100

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
