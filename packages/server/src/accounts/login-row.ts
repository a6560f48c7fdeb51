const DAY_MS = 24 * 60 * 60 * 1_000
/** A login ends this long after it began, however it is used, milliseconds. */
export const LOGIN_ABSOLUTE_MS = 30 * DAY_MS
/** A login ends when it was not refreshed for this long, milliseconds. */
export const LOGIN_IDLE_MS = 14 * DAY_MS

/** The row `login` of the partition `login/<sid>`; its value is REVOKED once the login was ended. */
export interface LoginRow {
  readonly user: string
  /** What the person recognises the device by, e.g. "Firefox, Linux". */
  readonly device: string
  /** Wall milliseconds, like the other times here. */
  readonly createdAt: number
  /** The last refresh, or the login itself. */
  readonly usedAt: number
  /** Digest of the one refresh token that counts. */
  readonly current: string
  /** Digest of the token it replaced. */
  readonly previous: string | null
}

export const loginPartition = (sid: string) => `login/${sid}`
export const LOGIN_KEY = 'login'
/** Key of a login in its user's partition. */
export const loginIndexKey = (sid: string) => `${LOGIN_INDEX_PREFIX}${sid}`
export const LOGIN_INDEX_PREFIX = 'login/'

/** Stays in place of the row, so that a login revoked while it is being created never comes to life. */
export const REVOKED = 'revoked'

/** Undefined for a revoked login. */
export function decodeLogin(value: string): LoginRow | undefined {
  return value === REVOKED ? undefined : (JSON.parse(value) as LoginRow)
}

/** Wall milliseconds from which the login is over unless it is refreshed before. */
export function expiryOf({ createdAt, usedAt }: LoginRow): number {
  return Math.min(createdAt + LOGIN_ABSOLUTE_MS, usedAt + LOGIN_IDLE_MS)
}

/** Seconds for which a store has to keep the row of a login that began at `createdAt`. */
export function rowTtl(createdAt: number, now: number): number {
  return Math.max(1, Math.ceil((createdAt + LOGIN_ABSOLUTE_MS - now) / 1_000))
}
