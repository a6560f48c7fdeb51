import type { Clock } from '@tam/util'
import { TIDY_HANDSHAKES, TIDY_CONNECTIONS_MAX, TIDY_QUIET_MS } from './limits.ts'

export interface TidyDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  /** Collects the whole heap, at once; takes about a millisecond per MiB that lives. */
  readonly collectGarbage: () => void
  /** Runs `turn` once after the work of this tick. */
  readonly defer: (turn: () => void) => void
}

/**
 * Keeps a storm of connections from leaving a heap full of holes. What lives as long as a connection is allocated
 * among many times as much garbage of its handshake; left to itself the heap doubles before it is collected, and the
 * survivors, spread thinly over it, keep all of that memory. Collected every TIDY_HANDSHAKES of them, and once when the
 * storm is over, they lie close together.
 */
export class Tidy {
  readonly #deps: TidyDeps
  #handshakes = 0
  #heardAt = 0
  /** Nothing was collected since the last storm calmed down. */
  #isStormy = false

  constructor(deps: TidyDeps) {
    this.#deps = deps
  }

  /** One more connection said `hello` or was synced; `ready` is how many there are. */
  onHandshake(ready: number): void {
    this.#heardAt = this.#deps.clock.monotonic()
    this.#isStormy ||= this.#handshakes >= TIDY_HANDSHAKES / 2
    if (++this.#handshakes >= TIDY_HANDSHAKES) {
      this.#collect(ready)
    }
  }

  /** Once a second. */
  sweep(ready: number): void {
    const isQuiet = this.#deps.clock.monotonic() - this.#heardAt > TIDY_QUIET_MS
    if (isQuiet && this.#isStormy) {
      this.#isStormy = false
      this.#collect(ready)
    }
  }

  #collect(ready: number): void {
    this.#handshakes = 0
    // With more, the pause would be felt; the holes of one storm are a small part then.
    if (ready <= TIDY_CONNECTIONS_MAX) {
      this.#deps.defer(this.#deps.collectGarbage)
    }
  }
}
