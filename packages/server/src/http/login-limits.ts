import { hash } from 'node:crypto'
import type { Cache } from '../ports/cache/cache.ts'
import { networkOf } from './client-address.ts'
import type { Gate } from './gate.ts'
import { KNOWN_NETWORK_MS, LOGIN_RATE_LIMITS } from './rate-limits.ts'

export interface LoginAttempt {
  /** What was given as the login, not yet checked. */
  readonly login: string
  /** Client address. */
  readonly address: string
}

/**
 * Slows down guessing without locking anybody out: a network from which an account has logged in before does not
 * share the account's bucket with strangers.
 */
export class LoginLimits {
  readonly #cache: Pick<Cache, 'get' | 'set'>

  constructor(cache: Pick<Cache, 'get' | 'set'>) {
    this.#cache = cache
  }

  /** @throws {AppError} rate_limited */
  async take(gate: Gate, attempt: LoginAttempt): Promise<void> {
    const { account, network } = keysOf(attempt)
    await gate.take(`rate/login/pair/${account}/${network}`, LOGIN_RATE_LIMITS.pair)
    await gate.take(`rate/login/network/${network}`, LOGIN_RATE_LIMITS.network)
    if ((await this.#cache.get(knownKey(attempt))) === undefined) {
      await gate.take(`rate/login/account/${account}`, LOGIN_RATE_LIMITS.account)
    }
  }

  /** Remembers the network of a login that succeeded. */
  async succeeded(attempt: LoginAttempt): Promise<void> {
    await this.#cache.set(knownKey(attempt), '1', KNOWN_NETWORK_MS)
  }
}

function knownKey(attempt: LoginAttempt): string {
  const { account, network } = keysOf(attempt)
  return `known/${account}/${network}`
}

function keysOf({ login, address }: LoginAttempt): { account: string; network: string } {
  const name = login.normalize('NFC').trim().toLowerCase()
  return { account: hash('sha256', name, 'base64url'), network: networkOf(address) }
}
