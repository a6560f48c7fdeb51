import type { Cache } from '../ports/cache/cache.ts'
import { LAST_SEEN_TTL_MS, LEASE_TTL_MS } from './limits.ts'
import type { Believed, Status } from './status.ts'

const STATUSES: ReadonlySet<string> = new Set<Status>(['online', 'away', 'offline'])

/** What servers tell each other about people: one row per person, `<status> <since> <asOf>`, that expires. */
export class Leases {
  readonly #cache: Pick<Cache, 'get' | 'set'>

  constructor(cache: Pick<Cache, 'get' | 'set'>) {
    this.#cache = cache
  }

  async write(user: string, { status, since, asOf }: Believed): Promise<void> {
    const ttlMs = status === 'offline' ? LAST_SEEN_TTL_MS : LEASE_TTL_MS
    await this.#cache.set(keyOf(user), `${status} ${since} ${asOf}`, ttlMs)
  }

  /** Undefined when nobody vouches for the person. @throws when leases cannot be read */
  async read(user: string): Promise<Believed | undefined> {
    const [status = '', since, asOf] = ((await this.#cache.get(keyOf(user))) ?? '').split(' ')
    return isStatus(status) ? { status, since: Number(since), asOf: Number(asOf) } : undefined
  }
}

function isStatus(text: string): text is Status {
  return STATUSES.has(text)
}

function keyOf(user: string): string {
  return `presence/${user}`
}
