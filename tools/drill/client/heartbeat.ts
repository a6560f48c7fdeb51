/** Milliseconds between pings, and of silence after which a connection is given up. */
const PING_MS = 2_000
const SILENCE_MS = 6_000

/** Notices that nothing at all comes over a connection that is still open. */
export class Heartbeat {
  #heardAt = 0
  #pingedAt = 0

  heard(now: number): void {
    this.#heardAt = now
  }

  /** What to do now. */
  look(now: number): 'nothing' | 'ping' | 'give-up' {
    if (now - this.#heardAt > SILENCE_MS) {
      return 'give-up'
    }
    if (now - this.#pingedAt > PING_MS) {
      this.#pingedAt = now
      return 'ping'
    }
    return 'nothing'
  }
}
