import type { HeldLease } from '../ports/cache/cache.ts'
import { decodeHere, userOf } from './here.ts'
import { GRACE_MS, LEASE_TTL_MS, READ_LOST_MS } from './limits.ts'
import type { Change } from './messages.ts'
import { Person } from './person.ts'
import { decodeHead, decodeLines } from './roster.ts'

/** One chat server's leases in the shard, as last heard. */
interface Known {
  /** Of the last change heard or read. */
  seq: number
  /** Of the last change read: what the bus lost is found by reading. */
  readSeq: number
  asOf: number
  /** Monotonic milliseconds when they were last found renewed. */
  renewedAt: number
  readonly lines: Map<string, string>
}

/**
 * The people of one shard, from what all chat servers say of them. A chat server that is missing when the leases are
 * read is still believed until its leases would have expired: they were lost, not given up.
 */
export class Shard {
  readonly number: number
  readonly people = new Map<string, Person>()
  readonly #known = new Map<string, Known>()
  /** When to read the leases again, monotonic milliseconds. */
  readAt = -Infinity
  #lastReadAt = -Infinity
  #readableSince = Infinity

  constructor(number: number) {
    this.number = number
  }

  /** Whether the leases were read lately. */
  isFresh(now: number): boolean {
    return now - this.#lastReadAt < READ_LOST_MS
  }

  /** For how long the leases could be read without a break, milliseconds. */
  readableFor(now: number): number {
    return this.isFresh(now) ? now - this.#readableSince : 0
  }

  person(id: string): Person {
    const person = this.people.get(id) ?? new Person(id)
    this.people.set(id, person)
    return person
  }

  /** All leases there are, read from the cache. @returns the people of whom something else is said now */
  read(held: readonly HeldLease[], now: number): Set<Person> {
    if (!this.isFresh(now)) {
      this.#resume(now)
    }
    this.#lastReadAt = now
    const changed = new Set<Person>()
    for (const { holder, value } of held) {
      this.#readRoster(holder, value, now, changed)
    }
    return changed
  }

  /** Ends what was not renewed; nothing while leases cannot be read, because then they cannot be renewed. */
  expire(now: number): Set<Person> {
    const changed = new Set<Person>()
    for (const [node, known] of this.#known) {
      if (now - known.renewedAt >= LEASE_TTL_MS && this.isFresh(now)) {
        this.#known.delete(node)
        known.lines.forEach((_, user) => this.#drop(node, user, changed))
      }
    }
    return changed
  }

  /** Changed leases of one chat server, from the bus. @returns as `read` */
  hear({ node, seq, asOf, lines }: Change, now: number): Set<Person> {
    const changed = new Set<Person>()
    const known = this.#knownOf(node)
    if (seq > known.seq) {
      Object.assign(known, { seq, asOf, renewedAt: now })
      lines.forEach((line) => this.#put(node, known, line, changed))
    }
    return changed
  }

  /** Leases are readable again: whoever is alive renews within the time of grace. */
  #resume(now: number): void {
    this.#readableSince = now
    for (const known of this.#known.values()) {
      known.renewedAt = Math.max(known.renewedAt, now + GRACE_MS - LEASE_TTL_MS)
    }
  }

  #readRoster(node: string, value: string, now: number, changed: Set<Person>): void {
    const { seq, asOf } = decodeHead(value)
    const known = this.#knownOf(node)
    const isRenewed = seq !== known.readSeq || asOf !== known.asOf
    // What was read before a change was heard of is older than it.
    if (seq < known.seq || !isRenewed) {
      return
    }
    const isChanged = seq !== known.readSeq
    Object.assign(known, { seq, readSeq: seq, asOf, renewedAt: now })
    if (isChanged) {
      this.#replace(node, known, decodeLines(value), changed)
    }
  }

  #replace(node: string, known: Known, lines: readonly string[], changed: Set<Person>): void {
    const users = new Set(lines.map(userOf))
    for (const user of known.lines.keys()) {
      if (!users.has(user)) {
        known.lines.delete(user)
        this.#drop(node, user, changed)
      }
    }
    lines.forEach((line) => this.#put(node, known, line, changed))
  }

  #put(node: string, known: Known, line: string, changed: Set<Person>): void {
    const user = userOf(line)
    if (known.lines.get(user) !== line) {
      known.lines.set(user, line)
      const person = this.person(user)
      person.put({ node, here: decodeHere(line), said: known })
      changed.add(person)
    }
  }

  #drop(node: string, user: string, changed: Set<Person>): void {
    const person = this.people.get(user)
    if (person !== undefined) {
      person.drop(node)
      changed.add(person)
    }
  }

  #knownOf(node: string): Known {
    const known = this.#known.get(node) ?? {
      seq: -1,
      readSeq: -1,
      asOf: 0,
      renewedAt: -Infinity,
      lines: new Map<string, string>(),
    }
    this.#known.set(node, known)
    return known
  }
}
