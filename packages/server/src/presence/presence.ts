import type { Presence as PresenceStatus } from '@tam/protocol'
import type { Cancel, Clock } from '@tam/util'
import type { Leases } from './leases.ts'
import { LEASE_READS_PER_TICK, LEASE_READ_MS, LEASE_RENEW_MS, PRESENCE_TICK_MS } from './limits.ts'
import { type Believed, type PersonHere, type Status, toPresence } from './status.ts'

const RENEW_SLICES = LEASE_RENEW_MS / PRESENCE_TICK_MS

export interface PresenceDeps<W> {
  readonly clock: Clock
  readonly leases: Leases
  /** Everybody connected to this server. */
  readonly people: () => Iterable<PersonHere>
  readonly find: (user: string) => PersonHere | undefined
  readonly deliver: (watcher: W, users: readonly PresenceStatus[]) => void
}

/** A person whom somebody here has on screen. */
interface Watched {
  readonly id: string
  readonly watches: Set<Watch>
  /** Null until it was found out. */
  believed: Believed | null
  /** When the lease was read, monotonic milliseconds. */
  readAt: number
}

/** What one client has on screen. */
interface Watch {
  people: readonly Watched[]
  /** Those it has to be told about. */
  readonly changed: Set<Watched>
  sentAt: number
}

/**
 * Who is online, for the people on somebody's screen. Best effort: it lives in leases that expire and is never
 * replayed. A client hears at most once a second; a status nobody can vouch for is `unknown`, not a guess.
 */
export class Presence<W extends object> {
  readonly #deps: PresenceDeps<W>
  readonly #watched = new Map<string, Watched>()
  readonly #watches = new Map<W, Watch>()
  #cancel: Cancel | undefined
  #ticks = 0

  constructor(deps: PresenceDeps<W>) {
    this.#deps = deps
  }

  start(): void {
    this.#cancel = this.#deps.clock.every(PRESENCE_TICK_MS, () => this.#tick())
  }

  stop(): void {
    this.#cancel?.()
  }

  /** The person came, went away from the keyboard, or came back. */
  update(person: PersonHere): void {
    this.#write(person.id, { ...person, asOf: this.#deps.clock.now() })
  }

  /** The person's last connection to this server went. */
  gone(user: string): void {
    const now = this.#deps.clock.now()
    this.#write(user, { status: 'offline', since: now, asOf: now })
    const watched = this.#watched.get(user)
    if (watched !== undefined) {
      watched.readAt = -Infinity
    }
  }

  /** `watcher` has these people on screen, instead of those before; it is told about all of them. */
  watch(watcher: W, users: readonly string[]): void {
    const before = this.#watches.get(watcher)
    this.forget(watcher)
    if (users.length === 0) {
      return
    }
    const watch: Watch = { people: [], changed: new Set(), sentAt: before?.sentAt ?? -Infinity }
    watch.people = [...new Set(users)].map((id) => this.#enlist(id, watch))
    for (const watched of watch.people) {
      watch.changed.add(watched)
    }
    this.#watches.set(watcher, watch)
    void this.#answer(watcher, watch)
  }

  async #answer(watcher: W, watch: Watch): Promise<void> {
    await this.#refresh()
    this.#tell(watcher, watch)
  }

  /** `watcher` is gone. */
  forget(watcher: W): void {
    for (const watched of this.#watches.get(watcher)?.people ?? []) {
      this.#dismiss(watched, watcher)
    }
    this.#watches.delete(watcher)
  }

  #enlist(id: string, watch: Watch): Watched {
    const watched = this.#watched.get(id) ?? { id, watches: new Set(), believed: null, readAt: -Infinity }
    watched.watches.add(watch)
    this.#watched.set(id, watched)
    return watched
  }

  #dismiss(watched: Watched, watcher: W): void {
    const watch = this.#watches.get(watcher)
    if (watch !== undefined) {
      watched.watches.delete(watch)
    }
    if (watched.watches.size === 0) {
      this.#watched.delete(watched.id)
    }
  }

  #tick(): void {
    this.#ticks++
    this.#renew()
    void this.#tellAll()
  }

  async #tellAll(): Promise<void> {
    await this.#refresh()
    for (const [watcher, watch] of this.#watches) {
      this.#tell(watcher, watch)
    }
  }

  /** A tenth of the people each second, so that the writes do not come in waves. */
  #renew(): void {
    const asOf = this.#deps.clock.now()
    let slice = this.#ticks
    for (const person of this.#deps.people()) {
      if (slice++ % RENEW_SLICES === 0) {
        this.#write(person.id, { status: person.status, since: person.since, asOf })
      }
    }
  }

  /** Believes what is known here, and reads the leases of those who are not here. */
  async #refresh(): Promise<void> {
    const due: Watched[] = []
    const oldest = this.#deps.clock.monotonic() - LEASE_READ_MS
    for (const watched of this.#watched.values()) {
      const person = this.#deps.find(watched.id)
      if (person !== undefined) {
        this.#believe(watched, person.status, person.since, this.#deps.clock.now())
      } else if (watched.readAt <= oldest && due.length < LEASE_READS_PER_TICK) {
        due.push(watched)
      }
    }
    if (due.length > 0) {
      await Promise.all(due.map((watched) => this.#read(watched)))
    }
  }

  async #read(watched: Watched): Promise<void> {
    watched.readAt = this.#deps.clock.monotonic()
    const now = this.#deps.clock.now()
    const before = watched.believed
    try {
      const lease = await this.#deps.leases.read(watched.id)
      const since = lease?.since ?? (before?.status === 'offline' ? before.since : now)
      this.#believe(watched, lease?.status ?? 'offline', since, lease?.asOf ?? now)
    } catch {
      this.#believe(watched, 'unknown', before?.status === 'unknown' ? before.since : now, now)
    }
  }

  #believe(watched: Watched, status: Status, since: number, asOf: number): void {
    const before = watched.believed
    watched.believed = { status, since, asOf }
    if (before !== null && before.status === status && before.since === since) {
      return
    }
    for (const watch of watched.watches) {
      watch.changed.add(watched)
    }
  }

  #tell(watcher: W, watch: Watch): void {
    const now = this.#deps.clock.monotonic()
    const changed = [...watch.changed]
    // A tick may come a little early.
    const isDue = now - watch.sentAt >= PRESENCE_TICK_MS * 0.9 && this.#watches.get(watcher) === watch
    // The first answer is one frame: it waits until all leases are read.
    if (!isDue || changed.length === 0 || changed.some(({ believed }) => believed === null)) {
      return
    }
    watch.sentAt = now
    watch.changed.clear()
    this.#deps.deliver(
      watcher,
      changed.flatMap(({ id, believed }) => (believed === null ? [] : [toPresence(id, believed)])),
    )
  }

  // The next renewal repeats a write that failed.
  #write(user: string, believed: Believed): void {
    this.#deps.leases.write(user, believed).catch(() => {})
  }
}
