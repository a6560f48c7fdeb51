import type { Context } from 'hono'
import type { Claims } from '../accounts/claims.ts'
import { AppError } from '../errors.ts'
import type { Cache, Rate } from '../ports/cache/cache.ts'
import { subscriberOf } from './client-address.ts'
import type { ApiEnv } from './context.ts'
import { RATE_LIMITS, scaled, userBucket, type RateClass } from './rate-limits.ts'

/** What a request has to pass before its body is read. */
export interface Policy {
  /** `login` (when absent): a valid access token of a login that is not revoked. */
  readonly access?: 'login' | 'public'
  /** `none` for what costs nothing to answer and must answer always: whoever probes a server must not be told 429. */
  readonly limit: RateClass | 'none'
}

export interface GateDeps {
  readonly tokens: { verify(token: string): Promise<Claims | undefined> }
  readonly logins: { isActive(sid: string): Promise<boolean> }
  readonly cache: Pick<Cache, 'take'>
  /** TAM_RATE_LIMIT_SCALE. */
  readonly rateLimitScale: number
}

const BEARER = /^Bearer ([A-Za-z0-9._-]{1,3500})$/i

/** Lets a request in or refuses it: rate limits and authentication, in one place for all routes. */
export class Gate {
  readonly #deps: GateDeps

  constructor(deps: GateDeps) {
    this.#deps = deps
  }

  /** Sets `claims` for routes with a login. @throws {AppError} rate_limited, unauthenticated */
  async admit(c: Context<ApiEnv>, policy: Policy): Promise<void> {
    const { limit } = policy
    const rates: { address: Rate; user?: Rate } | undefined =
      limit === 'none' ? undefined : RATE_LIMITS[limit]
    if (rates) {
      c.set('rateLimit', {
        name: limit,
        rate: scaled(rates.user ?? rates.address, this.#deps.rateLimitScale),
      })
      await this.take(`rate/address/${limit}/${subscriberOf(c.get('address'))}`, rates.address)
    }
    if (policy.access === 'public') {
      return
    }
    const claims = await this.#authenticate(c.req.raw)
    c.set('claims', claims)
    if (limit !== 'none' && rates?.user) {
      await this.take(userBucket(limit, claims.user), rates.user)
    }
  }

  /** One token of a bucket. @throws {AppError} rate_limited with the time to wait */
  async take(key: string, rate: Rate): Promise<void> {
    const waitMs = await this.#deps.cache.take(key, scaled(rate, this.#deps.rateLimitScale))
    if (waitMs > 0) {
      throw new AppError('rate_limited', { retryAfterMs: waitMs })
    }
  }

  async #authenticate(request: Request): Promise<Claims> {
    const token = BEARER.exec(request.headers.get('authorization') ?? '')?.[1]
    const claims = token === undefined ? undefined : await this.#deps.tokens.verify(token)
    if (claims === undefined || !(await this.#deps.logins.isActive(claims.sid))) {
      throw new AppError('unauthenticated')
    }
    return claims
  }
}
