import type { Cancel, Clock } from '@tam/util'

/**
 * One process as the others see it: it can be stopped (SIGSTOP) and go on, then everything that became due runs late;
 * and it can be killed, then nothing of it runs or is heard any more.
 */
export class TestProcess implements Clock {
  readonly #clock: Clock
  readonly #late = new Set<() => void>()
  #state: 'runs' | 'stands' | 'dead' = 'runs'

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  kill(): void {
    this.#state = 'dead'
  }

  stop(): void {
    this.#state = 'stands'
  }

  /** What is late runs now, a timer that was due often once. */
  continue(): void {
    this.#state = 'runs'
    const late = [...this.#late]
    this.#late.clear()
    late.forEach((turn) => turn())
  }

  /** Runs `turn`, or later, or never. */
  run(turn: () => void): void {
    if (this.#state === 'runs') {
      turn()
    } else if (this.#state === 'stands') {
      this.#late.add(turn)
    }
  }

  now(): number {
    return this.#clock.now()
  }

  monotonic(): number {
    return this.#clock.monotonic()
  }

  after(ms: number, fn: () => void): Cancel {
    return this.#clock.after(ms, () => this.run(fn))
  }

  every(ms: number, fn: () => void): Cancel {
    return this.#clock.every(ms, () => this.run(fn))
  }
}
