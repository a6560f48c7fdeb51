import type { Cancel, Clock } from '@tam/util'
import { type Bus, topics } from '../ports/bus/bus.ts'
import type { Cache } from '../ports/cache/cache.ts'
import { Answers } from './answers.ts'
import { FactsReader, type FactsDeps } from './facts.ts'
import type { LastSeen } from './last-seen.ts'
import {
  FROZEN_MS,
  GRACE_MS,
  INTEREST_MS,
  READ_MS,
  SEEN_REFRESH_MS,
  SERVER_RENEW_MS,
  SERVER_TICK_MS,
  SHARDS,
  SWEEP_MS,
} from './limits.ts'
import { isPresent } from './merge.ts'
import { type Answer, audienceOf, decodeToShard, type Question } from './messages.ts'
import { Peers } from './peers.ts'
import type { Person } from './person.ts'
import { Shard } from './shard.ts'
import { leaseGroup, ownerOf, shardOf } from './shards.ts'

export interface PresenceServerDeps {
  readonly clock: Clock
  readonly cache: Pick<Cache, 'hold' | 'held'>
  readonly bus: Pick<Bus, 'publish' | 'subscribe' | 'unsubscribe'>
  /** Name of this presence server, new at every start. */
  readonly id: string
  readonly factsOf: FactsDeps['factsOf']
  readonly lastSeen: Pick<LastSeen, 'note' | 'read'>
  readonly onError: (error: unknown) => void
  /** How long leases must have been readable before their absence means anything; GRACE_MS when absent. */
  readonly graceMs?: number
}

/**
 * Turns leases into statuses for the shards it has, and tells the chat servers that asked. It keeps nothing that
 * cannot be read again: whoever takes a shard over reads the leases, and is asked anew within seconds.
 */
export class PresenceServer {
  readonly #deps: PresenceServerDeps
  readonly #peers: Peers
  readonly #facts: FactsReader
  readonly #answers: Answers
  readonly #shards = new Map<number, Shard>()
  /** People who turned away and are not shown as away yet. */
  readonly #turning = new Set<Person>()
  #cancel: Cancel | undefined
  #tickedAt = 0
  #refreshAt = 0
  #sweepAt = 0
  #busy = false

  constructor(deps: PresenceServerDeps) {
    this.#deps = deps
    this.#peers = new Peers(deps)
    this.#facts = new FactsReader({ ...deps, onRead: (person) => this.#onFacts(person) })
    this.#answers = new Answers({ ...deps, answerOf: (person) => this.#answerOf(person) })
  }

  /** Shards this server has, and the people it knows of in them. */
  get load(): { readonly shards: number; readonly people: number } {
    const people = this.#shards.values().reduce((sum, shard) => sum + shard.people.size, 0)
    return { shards: this.#shards.size, people }
  }

  /** Takes its share of the shards; what cannot be reached yet is tried again for ever. */
  async start(): Promise<void> {
    const { clock, bus } = this.#deps
    this.#tickedAt = clock.monotonic()
    await this.#peers.start()
    await bus.subscribe(topics.presenceSettings, this.#onSettings)
    this.#cancel = clock.every(SERVER_TICK_MS, () => void this.#tick())
    await this.#tick()
  }

  /** Gives up its shards; the others take them within SERVER_RENEW_MS. */
  async stop(): Promise<void> {
    this.halt()
    await this.#peers.leave().catch(() => {})
  }

  /** Stops without a word to anybody. */
  halt(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#deps.bus.unsubscribe(topics.presenceSettings, this.#onSettings)
    for (const number of this.#shards.keys()) {
      this.#release(number)
    }
  }

  async #tick(): Promise<void> {
    const now = this.#deps.clock.monotonic()
    const stoodStill = now - this.#tickedAt > FROZEN_MS
    this.#tickedAt = now
    if (stoodStill) {
      // Others have the shards by now, and know better.
      this.#shards.forEach((_, number) => this.#release(number))
    }
    if (!this.#busy) {
      this.#busy = true
      await this.#refresh(now)
      await this.#read()
      this.#busy = false
    }
    this.#settleDue()
    this.#sweep()
  }

  async #refresh(now: number): Promise<void> {
    if (now < this.#refreshAt) {
      return
    }
    this.#refreshAt = now + SERVER_RENEW_MS
    try {
      await this.#peers.refresh()
    } catch {
      // The shards stay whose they were; without leases nobody can say anything about them anyway.
      return
    }
    for (let number = 0; number < SHARDS; number++) {
      const isOwn = ownerOf(number, this.#peers.known) === this.#deps.id
      if (isOwn && !this.#shards.has(number) && this.#cancel !== undefined) {
        this.#acquire(number)
      } else if (!isOwn && this.#shards.has(number)) {
        this.#release(number)
      }
    }
  }

  #acquire(number: number): void {
    this.#shards.set(number, new Shard(number))
    void this.#deps.bus.subscribe(topics.presenceShard(number), this.#onMessage)
  }

  #release(number: number): void {
    this.#deps.bus.unsubscribe(topics.presenceShard(number), this.#onMessage)
    this.#shards.get(number)?.people.forEach((person) => this.#turning.delete(person))
    this.#shards.delete(number)
  }

  /** Reads the leases of the shards whose turn it is, in one call. */
  async #read(): Promise<void> {
    const { clock, cache } = this.#deps
    const due = [...this.#shards.values()].filter(({ readAt }) => readAt <= clock.monotonic())
    if (due.length === 0) {
      return
    }
    const held = await cache.held(due.map(({ number }) => leaseGroup(number))).catch(() => undefined)
    const now = clock.monotonic()
    for (const [i, shard] of due.entries()) {
      if (held !== undefined) {
        // A little apart, so that not all are due at once for ever.
        shard.readAt = now + READ_MS - (shard.number % 10) * 100
        this.#settle(shard.read(held[i] ?? [], now))
      }
    }
  }

  #settleDue(): void {
    const now = this.#deps.clock.monotonic()
    for (const shard of this.#shards.values()) {
      this.#settle(shard.expire(now))
    }
    this.#settle([...this.#turning].filter(({ awayAt }) => awayAt <= now))
  }

  /** Makes known what changed. */
  #settle(people: Iterable<Person>): void {
    const { clock, lastSeen } = this.#deps
    for (const person of people) {
      const before = person.shown
      if (person.settle(clock)) {
        this.#tellInterested(person)
      }
      const wasHere = before === undefined || isPresent(before)
      if (wasHere && person.shown !== undefined && !isPresent(person.shown)) {
        lastSeen.note(person.id, person.shown.since)
      }
      this.#turning[person.awayAt === Infinity ? 'delete' : 'add'](person)
    }
  }

  readonly #onMessage = (topic: string, message: string): void => {
    const shard = this.#shards.get(Number(topic.slice(topic.indexOf('/') + 1)))
    const heard = decodeToShard(message)
    if (shard === undefined || heard === undefined) {
      return
    }
    if ('users' in heard) {
      this.#onQuestion(shard, heard)
    } else {
      this.#settle(shard.hear(heard, this.#deps.clock.monotonic()))
    }
  }

  #onQuestion(shard: Shard, { node, users }: Question): void {
    const until = this.#deps.clock.monotonic() + INTEREST_MS
    for (const user of users) {
      const person = shard.person(user)
      person.interest(node, until)
      this.#facts.want(person)
      this.#answers.tell(node, person)
    }
  }

  readonly #onSettings = (_topic: string, user: string): void => {
    const person = this.#shards.get(shardOf(user))?.people.get(user)
    if (person?.facts !== undefined) {
      this.#facts.renew(person)
    }
  }

  #onFacts(person: Person): void {
    this.#settle([person])
    this.#tellInterested(person)
  }

  #tellInterested(person: Person): void {
    for (const node of person.interested) {
      this.#answers.tell(node, person)
    }
  }

  /** Undefined while it is not known: nothing is guessed, and whoever asks doubts by themselves. */
  #answerOf(person: Person): Answer | undefined {
    const { clock, graceMs = GRACE_MS } = this.#deps
    const now = clock.monotonic()
    const shard = this.#shards.get(shardOf(person.id))
    const { id, shown, facts } = person
    // A shard that was given up and taken again has other objects for its people.
    if (shard?.people.get(id) !== person || facts === undefined || !shard.isFresh(now)) {
      return undefined
    }
    if (shown === undefined && shard.readableFor(now) < graceMs) {
      return undefined
    }
    const whereabouts = shown ?? { status: 'offline' as const, since: facts.seen, convs: [] }
    const asOf = shown !== undefined && isPresent(shown) ? person.asOf : clock.now()
    return { id, ...whereabouts, asOf, audience: audienceOf(facts.settings) }
  }

  #sweep(): void {
    const now = this.#deps.clock.monotonic()
    if (now < this.#sweepAt) {
      return
    }
    this.#sweepAt = now + SWEEP_MS
    for (const { people } of this.#shards.values()) {
      for (const person of people.values()) {
        this.#sweepPerson(person, now)
        if (person.isForgettable) {
          people.delete(person.id)
        }
      }
    }
  }

  #sweepPerson(person: Person, now: number): void {
    person.forgetInterests(now)
    if (person.shown !== undefined && isPresent(person.shown) && now - person.notedAt >= SEEN_REFRESH_MS) {
      if (person.notedAt !== -Infinity) {
        this.#deps.lastSeen.note(person.id, person.asOf)
      }
      person.notedAt = now
    }
  }
}
