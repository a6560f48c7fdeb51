import type { Clock } from '@tam/util'
import { type Gcra, gcra, take } from './gcra.ts'
import type { Connection } from './hub/state.ts'
import {
  BYTES_BURST,
  BYTES_PER_SECOND,
  CONTROL_FRAMES_BURST,
  CONTROL_FRAMES_PER_SECOND,
  FRAMES_BURST,
  FRAMES_PER_SECOND,
} from './limits.ts'

/** How much one connection may send. */
export class InboundLimits {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #frames: Gcra
  readonly #bytes: Gcra
  readonly #control: Gcra

  constructor(clock: Pick<Clock, 'monotonic'>, scale: number) {
    this.#clock = clock
    this.#frames = gcra(FRAMES_PER_SECOND, 1_000, FRAMES_BURST, scale)
    this.#bytes = gcra(BYTES_PER_SECOND, 1_000, BYTES_BURST, scale)
    this.#control = gcra(CONTROL_FRAMES_PER_SECOND, 1_000, CONTROL_FRAMES_BURST, scale)
  }

  /** Counts a text frame. @returns false when it is one too many */
  admits(connection: Connection, text: string): boolean {
    const now = this.#clock.monotonic()
    connection.framesAt = take(this.#frames, connection.framesAt, now)
    connection.bytesAt = take(this.#bytes, connection.bytesAt, now, Buffer.byteLength(text))
    return connection.framesAt >= 0 && connection.bytesAt >= 0
  }

  /** Counts a ping or pong. @returns false when it is one too many */
  admitsControl(connection: Connection): boolean {
    connection.controlAt = take(this.#control, connection.controlAt, this.#clock.monotonic())
    return connection.controlAt >= 0
  }
}
