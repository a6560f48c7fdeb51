import { DEFAULT_PRESENCE, type Me, type User } from '@tam/protocol'
import { type Clock, randomId, systemRandom } from '@tam/util'
import type { Claims } from '../src/accounts/claims.ts'
import { type Bus, topics } from '../src/ports/bus/bus.ts'

/** Logins and their tokens, in memory: `sid` may be chosen, and revoked as the real ones are. */
export class TestLogins {
  readonly #tokens = new Map<string, Claims>()
  readonly #revoked = new Set<string>()
  readonly #clock: Clock
  readonly #bus: Pick<Bus, 'publish'>
  #sids = 0
  /** Tokens are verified when it resolves. */
  gate: Promise<void> | undefined

  constructor(clock: Clock, bus: Pick<Bus, 'publish'>) {
    this.#clock = clock
    this.#bus = bus
  }

  /** An access token that lives `seconds`. */
  token(user: string, sid = `sid-${++this.#sids}`, seconds = 600): string {
    const token = randomId(systemRandom, 40)
    this.#tokens.set(token, { user, sid, exp: Math.floor(this.#clock.now() / 1_000) + seconds })
    return token
  }

  async verifyOnce(token: string): Promise<Claims | undefined> {
    await this.gate
    const claims = this.#tokens.get(token)
    return claims !== undefined && claims.exp > this.#clock.now() / 1_000 ? claims : undefined
  }

  async isActive(sid: string): Promise<boolean> {
    return !this.#revoked.has(sid)
  }

  revoke(user: string, sid: string): void {
    this.#revoked.add(sid)
    this.#bus.publish(topics.user(user), JSON.stringify({ t: 'revoke', sid }))
  }

  /** As another server would that this one cannot hear. */
  revokeSilently(sid: string): void {
    this.#revoked.add(sid)
  }
}

export function profileOf(id: string): User {
  return { id, username: id, name: `Nguyễn ${id}`, avatar: null, bio: '', status: '' }
}

export function meOf(id: string): Me {
  return {
    ...profileOf(id),
    email: null,
    locale: 'vi',
    presence: DEFAULT_PRESENCE,
    createdAt: '2026-01-01T00:00:00.000Z',
  }
}
