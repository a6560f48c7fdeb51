import type { Cancel, Clock } from '@tam/util'
import { userPartition } from '../accounts/account-row.ts'
import type { Kv, Row } from '../ports/kv/kv.ts'
import { SEEN_WAITING_MAX, SEEN_WRITES_PER_SECOND } from './limits.ts'

const KEY = 'seen'
const TURN_MS = 100
const WRITES_PER_TURN = SEEN_WRITES_PER_SECOND / (1_000 / TURN_MS)

export interface LastSeenDeps {
  readonly clock: Pick<Clock, 'every'>
  readonly kv: Pick<Kv, 'getMany' | 'commit'>
  readonly onError: (error: unknown) => void
}

/**
 * When people were last seen: the row `seen` of their partition, milliseconds since the Unix epoch. Written behind, the
 * newest time only, at a bounded rate. Nothing is decided by it: a time that is lost is an older one.
 */
export class LastSeen {
  readonly #deps: LastSeenDeps
  /** What has to be written, longest waiting first. */
  readonly #waiting = new Map<string, number>()
  #writing = 0
  #cancel: Cancel | undefined

  constructor(deps: LastSeenDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#cancel = this.#deps.clock.every(TURN_MS, () => this.#turn())
  }

  /** Writes what waits, as far as one second's share goes. */
  async stop(): Promise<void> {
    this.#cancel?.()
    await Promise.all(this.#take(SEEN_WRITES_PER_SECOND).map(([user, at]) => this.#write(user, at)))
  }

  note(user: string, at: number): void {
    this.#waiting.set(user, Math.max(at, this.#waiting.get(user) ?? 0))
    if (this.#waiting.size > SEEN_WAITING_MAX) {
      this.#take(1)
    }
  }

  /** In the order asked; null for those never seen. */
  async read(users: readonly string[]): Promise<(number | null)[]> {
    const rows = await this.#deps.kv.getMany(
      users.map((user) => ({ partition: userPartition(user), key: KEY })),
    )
    return users.map((user, i) => this.#waiting.get(user) ?? timeOf(rows[i]))
  }

  // One turn's share at most is on its way: a slow store is not asked more.
  #turn(): void {
    for (const [user, at] of this.#take(WRITES_PER_TURN - this.#writing)) {
      this.#writing++
      void this.#write(user, at).finally(() => this.#writing--)
    }
  }

  #take(count: number): [string, number][] {
    const taken = [...this.#waiting.entries().take(Math.max(0, count))]
    taken.forEach(([user]) => this.#waiting.delete(user))
    return taken
  }

  async #write(user: string, at: number): Promise<void> {
    try {
      await this.#deps.kv.commit(userPartition(user), { put: [{ key: KEY, value: String(at) }] })
    } catch (error) {
      this.#deps.onError(error)
    }
  }
}

function timeOf(row: Row | undefined): number | null {
  return row === undefined ? null : Number(row.value)
}
