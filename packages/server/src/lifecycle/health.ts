/** Heads that were compared with the logs this lately make up for a deaf bus, milliseconds. */
export const HEADS_FRESH_MS = 10_000

export interface HealthDeps {
  /** The store answered lately. */
  readonly isStoreAlive: () => boolean
  /** Messages to oneself come back through the bus. */
  readonly isBusHealthy: () => boolean
  /** Milliseconds since the heads of all rooms were last compared with the log. */
  readonly headCheckAgeMs: () => number
}

/** Why a server wants no traffic, or that it does. */
export type Readiness = 'ready' | 'draining' | 'store-silent' | 'deaf'

/**
 * What `/readyz` says. Data flow is proven, not connections: the store was read, and entries are heard of by the bus
 * or found by their heads. A dead bus alone is an alarm, no reason to send people elsewhere.
 */
export class Health {
  readonly #deps: HealthDeps
  #draining = false

  constructor(deps: HealthDeps) {
    this.#deps = deps
  }

  get isReady(): boolean {
    return this.readiness() === 'ready'
  }

  get isBusHealthy(): boolean {
    return this.#deps.isBusHealthy()
  }

  readiness(): Readiness {
    if (this.#draining) {
      return 'draining'
    }
    if (!this.#deps.isStoreAlive()) {
      return 'store-silent'
    }
    return this.#deps.isBusHealthy() || this.#deps.headCheckAgeMs() < HEADS_FRESH_MS ? 'ready' : 'deaf'
  }

  /** From here on nobody new is wanted. */
  beginDraining(): void {
    this.#draining = true
  }
}
