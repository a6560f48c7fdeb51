import type { Rate } from '../ports/cache/cache.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

interface RateLimit {
  /** For everything that comes from one client address, signed in or not. */
  readonly address: Rate
  /** For one signed-in user over all devices; absent for routes without a login. */
  readonly user?: Rate
}

const rate = (count: number, periodMs: number, burst: number): Rate => ({ count, periodMs, burst })

/** Every route belongs to one class. All rates are multiplied by TAM_RATE_LIMIT_SCALE. */
export const RATE_LIMITS = {
  read: { address: rate(3_000, MINUTE, 1_000), user: rate(900, MINUTE, 300) },
  write: { address: rate(1_200, MINUTE, 400), user: rate(240, MINUTE, 80) },
  /** Messages: what a person sends over sockets takes from the same bucket, see realtime/commands/send-limit.ts. */
  send: { address: rate(3_000, MINUTE, 1_000), user: rate(30, 10 * SECOND, 60) },
  search: { address: rate(600, MINUTE, 200), user: rate(120, MINUTE, 40) },
  upload: { address: rate(120, MINUTE, 40), user: rate(20, MINUTE, 10) },
  media: { address: rate(6_000, MINUTE, 2_000) },
  register: { address: rate(200, HOUR, 100) },
  login: { address: rate(120, MINUTE, 60) },
  refresh: { address: rate(240, MINUTE, 120) },
  password: { address: rate(60, MINUTE, 20), user: rate(5, MINUTE, 5) },
} as const satisfies Record<string, RateLimit>

export type RateClass = keyof typeof RATE_LIMITS

/** Beyond the class `login`, one attempt also takes from each of these. */
export const LOGIN_RATE_LIMITS = {
  /** One account from anywhere but the networks it is known to log in from. */
  account: rate(20, 5 * MINUTE, 20),
  /** Everything from one /24 (IPv4) or /64 (IPv6). */
  network: rate(60, MINUTE, 60),
  /** One account from one network. */
  pair: rate(10, MINUTE, 20),
} as const satisfies Record<string, Rate>

/** How long a network that an account logged in from keeps the account's own bucket open, milliseconds. */
export const KNOWN_NETWORK_MS = 30 * 24 * HOUR

/** The bucket of one signed-in user, in the cache that all servers share. */
export function userBucket(limit: RateClass, user: string): string {
  return `rate/user/${limit}/${user}`
}

/** `rate` times `scale` (TAM_RATE_LIMIT_SCALE). */
export function scaled(rate: Rate, scale: number): Rate {
  return {
    count: rate.count * scale,
    periodMs: rate.periodMs,
    burst: Math.max(1, Math.floor(rate.burst * scale)),
  }
}
