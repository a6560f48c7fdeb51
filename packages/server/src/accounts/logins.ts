import { must, randomId } from '@tam/util'
import { AppError } from '../errors.ts'
import { type Bus, topics } from '../ports/bus/bus.ts'
import { type Expectation, prefixEnd } from '../ports/kv/kv.ts'
import { ActiveLogins } from './active-logins.ts'
import { userPartition } from './account-row.ts'
import { CLOCK_SKEW_MS } from './clock-skew.ts'
import { type StoreDeps, commit, commitUnlessChanged } from './commit.ts'
import {
  LOGIN_INDEX_PREFIX,
  LOGIN_KEY,
  type LoginRow,
  decodeLogin,
  REVOKED,
  expiryOf,
  loginIndexKey,
  loginPartition,
  rowTtl,
} from './login-row.ts'
import {
  type RefreshToken,
  digestOf,
  firstToken,
  formatRefreshToken,
  parseRefreshToken,
  sameDigest,
  successorOf,
} from './refresh-token.ts'
import type { ReuseReport } from './reuse-report.ts'

/** For how long a replaced refresh token still yields its successor (two tabs, a lost answer), milliseconds. */
export const REFRESH_GRACE_MS = 10_000
/** When its use is reuse for certain, whichever server replaced it and whichever is asked, milliseconds. */
export const REFRESH_REUSE_MS = REFRESH_GRACE_MS + CLOCK_SKEW_MS
/** Logins of one user; one more ends the one that was used longest ago. */
export const LOGINS_PER_USER_MAX = 100
const LOGIN_ID_LENGTH = 16

export interface LoginsDeps extends StoreDeps {
  readonly bus: Pick<Bus, 'publish'>
  /** Secret of the server by which refresh tokens succeed each other. */
  readonly refreshSecret: Buffer
  readonly reuse: Pick<ReuseReport, 'make'>
}

/** A login and the refresh token that continues it. */
export interface Continuation {
  readonly sid: string
  readonly user: string
  readonly refreshToken: string
  /** Seconds until the refresh token expires by itself. */
  readonly maxAge: number
}

export interface LoginSummary {
  readonly sid: string
  readonly device: string
  /** Wall milliseconds. */
  readonly createdAt: number
  readonly usedAt: number
}

export interface NewLogin {
  readonly user: string
  readonly device: string
  /** Rows of the user's partition that must not have changed, e.g. the password that was checked. */
  readonly expect?: readonly Expectation[]
}

interface StoredLogin {
  readonly row: LoginRow
  readonly rev: string
}

/**
 * Logins: one per authenticated device, continued by rotating refresh tokens. Revoking one leaves REVOKED in its row
 * and says so on the user's topic: `{"t":"revoke","sid":"<sid>"}`, with `"sid":null` for all of a user's logins.
 */
export class Logins {
  readonly #deps: LoginsDeps
  readonly #active: ActiveLogins

  constructor(deps: LoginsDeps) {
    this.#deps = deps
    this.#active = new ActiveLogins(deps.clock)
  }

  /** @throws {AppError} invalid_credentials when what was expected changed, or all logins were revoked, meanwhile */
  async create({ user, device, expect = [] }: NewLogin): Promise<Continuation> {
    await this.#makeRoom(user)
    const now = this.#deps.clock.now()
    const token = firstToken(randomId(this.#deps.random, LOGIN_ID_LENGTH), this.#deps.random)
    const row: LoginRow = {
      user,
      device,
      createdAt: now,
      usedAt: now,
      current: digestOf(token),
      previous: null,
    }
    // The index comes first: every login that exists can be found by its user, and revoked.
    const indexed = await commitUnlessChanged(this.#deps, userPartition(user), {
      expect,
      put: [{ key: loginIndexKey(token.sid), value: '', ttl: rowTtl(now, now) }],
    })
    if (!indexed || !(await this.#write(token.sid, null, row))) {
      throw new AppError('invalid_credentials')
    }
    return this.#continuation(token, row)
  }

  /**
   * Exchanges a refresh token for its successor. A consumed one ends the login, unless it was replaced less than
   * REFRESH_GRACE_MS ago and its successor is unused: then that same successor is the answer. The clock that says how
   * long ago may be another server's than the one that said when: up to CLOCK_SKEW_MS between them signs nobody out,
   * and no clock, however wrong, makes the time in which a consumed token is honoured longer than REFRESH_REUSE_MS and
   * another CLOCK_SKEW_MS.
   * @param address of the client, for the record
   * @throws {AppError} unauthenticated
   */
  async refresh(text: string, address = 'unknown'): Promise<Continuation> {
    const token = parseRefreshToken(text)
    for (;;) {
      const stored = token && (await this.#read(token.sid))
      if (!stored || this.#deps.clock.now() >= expiryOf(stored.row)) {
        throw new AppError('unauthenticated')
      }
      const continued = await this.#continue(token, stored, address)
      if (continued) {
        return continued
      }
    }
  }

  /**
   * Whether the login still counts, at most ACTIVE_AGE_MAX_MS old and, with `since`, asked for after that monotonic
   * time; own revocations show at once.
   */
  async isActive(sid: string, since?: number): Promise<boolean> {
    const read = async () => {
      const row = (await this.#read(sid))?.row
      return row !== undefined && this.#deps.clock.now() < expiryOf(row)
    }
    return this.#active.ask(sid, read, since)
  }

  /** The user's living logins, the one used last first. */
  async list(user: string): Promise<LoginSummary[]> {
    const sids = await this.#sids(user)
    const rows = await this.#deps.kv.getMany(
      sids.map((sid) => ({ partition: loginPartition(sid), key: LOGIN_KEY })),
    )
    const now = this.#deps.clock.now()
    return rows
      .flatMap((stored, index) => {
        const row = stored && decodeLogin(stored.value)
        return row && now < expiryOf(row) ? [summaryOf(must(sids[index]), row)] : []
      })
      .sort((a, b) => b.usedAt - a.usedAt)
  }

  /** Ends the login that the refresh token belongs to, if any. */
  async end(refreshToken: string): Promise<void> {
    const token = parseRefreshToken(refreshToken)
    if (token) {
      await this.revoke(token.sid)
    }
  }

  /** Ends one login; harmless when it is over already. */
  async revoke(sid: string): Promise<void> {
    const stored = await this.#read(sid)
    if (stored) {
      await this.#revoke(stored.row.user, sid)
    }
  }

  /** Ends one login of `user`. @throws {AppError} not_found when it is not theirs */
  async revokeOwn(user: string, sid: string): Promise<void> {
    if (!(await this.#deps.kv.get(userPartition(user), loginIndexKey(sid)))) {
      throw new AppError('not_found')
    }
    await this.#revoke(user, sid)
  }

  /** Ends all logins of `user`, but `except` when given. */
  async revokeAll(user: string, except?: string): Promise<void> {
    for (;;) {
      const sids = (await this.#sids(user)).filter((sid) => sid !== except)
      if (sids.length === 0) {
        break
      }
      for (const sid of sids) {
        await this.#revoke(user, sid)
      }
    }
    if (except === undefined) {
      this.#announce(user, null)
    }
  }

  /** Undefined when the row changed meanwhile: look again. */
  async #continue(
    token: RefreshToken,
    { row, rev }: StoredLogin,
    address: string,
  ): Promise<Continuation | undefined> {
    const now = this.#deps.clock.now()
    const digest = digestOf(token)
    const successor = successorOf(token, this.#deps.refreshSecret)
    if (sameDigest(digest, row.current)) {
      const next = { ...row, usedAt: now, current: digestOf(successor), previous: digest }
      return (await this.#write(token.sid, rev, next)) ? this.#continuation(successor, next) : undefined
    }
    if (row.previous !== null && sameDigest(digest, row.previous) && isRecent(now - row.usedAt)) {
      return this.#continuation(successor, row)
    }
    // First the record: once the login is over, no later use of its tokens says what happened.
    const { user, device } = row
    await this.#deps.reuse.make({ user, sid: token.sid, device, address })
    await this.#revoke(user, token.sid)
    throw new AppError('unauthenticated')
  }

  #continuation(token: RefreshToken, row: LoginRow): Continuation {
    const maxAge = Math.floor((expiryOf(row) - this.#deps.clock.now()) / 1_000)
    return { sid: token.sid, user: row.user, refreshToken: formatRefreshToken(token), maxAge }
  }

  async #read(sid: string): Promise<StoredLogin | undefined> {
    const stored = await this.#deps.kv.get(loginPartition(sid), LOGIN_KEY)
    const row = stored && decodeLogin(stored.value)
    return row && { row, rev: stored.rev }
  }

  /** False when the row is not at `rev` any more. */
  async #write(sid: string, rev: string | null, row: LoginRow): Promise<boolean> {
    return commitUnlessChanged(this.#deps, loginPartition(sid), {
      expect: [{ key: LOGIN_KEY, rev }],
      put: [{ key: LOGIN_KEY, value: JSON.stringify(row), ttl: rowTtl(row.createdAt, row.usedAt) }],
    })
  }

  async #makeRoom(user: string): Promise<void> {
    const sids = await this.#sids(user)
    if (sids.length < LOGINS_PER_USER_MAX) {
      return
    }
    const newest = (await this.list(user)).slice(0, LOGINS_PER_USER_MAX - 1)
    const kept = new Set(newest.map(({ sid }) => sid))
    for (const sid of sids.filter((candidate) => !kept.has(candidate))) {
      await this.#revoke(user, sid)
    }
  }

  async #sids(user: string): Promise<string[]> {
    const range = {
      from: LOGIN_INDEX_PREFIX,
      to: prefixEnd(LOGIN_INDEX_PREFIX),
      limit: 2 * LOGINS_PER_USER_MAX,
    }
    const rows = await this.#deps.kv.scan(userPartition(user), range)
    return rows.map(({ key }) => key.slice(LOGIN_INDEX_PREFIX.length))
  }

  async #revoke(user: string, sid: string): Promise<void> {
    const now = this.#deps.clock.now()
    await commit(this.#deps, loginPartition(sid), {
      put: [{ key: LOGIN_KEY, value: REVOKED, ttl: rowTtl(now, now) }],
    })
    this.#active.noteRevoked(sid)
    this.#announce(user, sid)
    await commit(this.#deps, userPartition(user), { delete: [loginIndexKey(sid)] })
  }

  #announce(user: string, sid: string | null): void {
    this.#deps.bus.publish(topics.user(user), JSON.stringify({ t: 'revoke', sid }))
  }
}

/** Of a replacement so many milliseconds ago, by two clocks. */
function isRecent(agoMs: number): boolean {
  return agoMs >= -CLOCK_SKEW_MS && agoMs < REFRESH_REUSE_MS
}

function summaryOf(sid: string, { device, createdAt, usedAt }: LoginRow): LoginSummary {
  return { sid, device, createdAt, usedAt }
}
