import type { Log } from '../log/log.ts'
import type { Audit } from './audit.ts'
import { loginPartition } from './login-row.ts'
import { tellOwnDevices } from './own-log.ts'

export interface ReuseReportDeps {
  readonly audit: Pick<Audit, 'append'>
  readonly log: Pick<Log, 'append'>
  readonly clock: { now(): number }
  readonly logger: {
    warn(details: object, message: string): void
    error(details: object, message: string): void
  }
}

/** A refresh token that was replaced already came back: two parties hold the same login. */
export interface Reuse {
  readonly user: string
  readonly sid: string
  readonly device: string
  /** Client address from which it came. */
  readonly address: string
}

/** Puts a reused refresh token on record, and tells the person on their devices. */
export class ReuseReport {
  readonly #deps: ReuseReportDeps

  constructor(deps: ReuseReportDeps) {
    this.#deps = deps
  }

  /** Never rejects: whatever cannot be written, the login has to end. */
  async make({ user, sid, device, address }: Reuse): Promise<void> {
    const { audit, log, clock, logger } = this.#deps
    logger.warn({ user, sid }, 'a consumed refresh token came back: the login ends')
    const target = loginPartition(sid)
    const event = { who: user, what: 'refresh_token_reused', target, sid, ip: address } as const
    const at = new Date(clock.now()).toISOString()
    // One report of one login, however many uses of old tokens race.
    const cid = `reused-${sid}`
    const told = { type: 'security', event: 'refresh_token_reused', device, from: user, cid, at } as const
    const results = await Promise.allSettled([
      audit.append({ ...event, result: 'login_ended' }),
      tellOwnDevices(log, told),
    ])
    if (results.some((result) => result.status === 'rejected' || result.value === false)) {
      logger.error({ user, sid, results }, 'the reuse of a refresh token was not put on record')
    }
  }
}
