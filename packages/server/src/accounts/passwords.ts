import { PASSWORD_MAX, isStorable } from '@tam/protocol'
import { Slots } from '../slots.ts'

/** Hashes waiting for a core, per core; at about 60 ms each the last one waits two seconds. */
const WAITING_PER_CORE = 32
const RETRY_AFTER_MS = 2_000

export interface HashCost {
  /** KiB of memory per hash. */
  readonly memoryCost: number
  /** Passes over it. */
  readonly timeCost: number
}

/** The OWASP minimum for argon2id with one lane. */
export const ARGON2ID_COST: HashCost = { memoryCost: 19_456, timeCost: 2 }

export interface PasswordsOptions {
  readonly cost: HashCost
  /** Hashes at once: one per core, each takes `memoryCost` of memory. */
  readonly concurrency: number
}

/** Hashes and checks passwords with argon2id, off the main thread and never more at once than there are cores. */
export class Passwords {
  readonly #cost: HashCost
  readonly #slots: Slots
  readonly #decoy: string

  private constructor(options: PasswordsOptions, decoy: string) {
    this.#cost = options.cost
    this.#decoy = decoy
    this.#slots = new Slots({
      count: options.concurrency,
      waitingMax: options.concurrency * WAITING_PER_CORE,
      retryAfterMs: RETRY_AFTER_MS,
    })
  }

  static async create(options: PasswordsOptions): Promise<Passwords> {
    return new Passwords(options, await hashWith(options.cost, crypto.randomUUID()))
  }

  /** @throws {AppError} rate_limited when too many hashes wait */
  hash(password: string): Promise<string> {
    return this.#slots.run(() => hashWith(this.#cost, password))
  }

  /**
   * True when `password` belongs to `hash`. Without a hash (nobody has that name) the work is the same and the
   * answer false, so that time tells nothing.
   * @throws {AppError} rate_limited when too many hashes wait
   */
  async verify(password: string, hash: string | undefined): Promise<boolean> {
    const candidate = password.normalize('NFC')
    const possible = isStorable(password) && candidate.length <= PASSWORD_MAX
    const matches = await this.#slots.run(() =>
      Bun.password.verify(possible ? candidate : '-', (possible ? hash : undefined) ?? this.#decoy),
    )
    return matches && possible && hash !== undefined
  }

  /** True when `hash` was made at another cost. */
  needsRehash(hash: string): boolean {
    const { memoryCost, timeCost } = this.#cost
    return !hash.startsWith(`$argon2id$v=19$m=${memoryCost},t=${timeCost},p=1$`)
  }
}

function hashWith(cost: HashCost, password: string): Promise<string> {
  return Bun.password.hash(password, { algorithm: 'argon2id', ...cost })
}
