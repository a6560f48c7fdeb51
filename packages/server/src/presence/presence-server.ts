import type { Cancel, Clock } from '@tam/util'
import { topics } from '../ports/bus/bus.ts'
import { Answers } from './answers.ts'
import { type FactsDeps, FactsReader } from './facts.ts'
import type { LastSeen } from './last-seen.ts'
import { FROZEN_MS, GRACE_MS, INTEREST_MS, SEEN_REFRESH_MS, SERVER_TICK_MS, SWEEP_MS } from './limits.ts'
import { isPresent } from './merge.ts'
import { type Answer, audienceOf, decodeToShard, type Question } from './messages.ts'
import { OwnShards, type OwnShardsDeps } from './own-shards.ts'
import type { Person } from './person.ts'
import type { Shard } from './shard.ts'

export interface PresenceServerDeps extends Omit<OwnShardsDeps, 'clock' | 'onMessage' | 'onChanged'> {
  readonly clock: Clock
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
  readonly #shards: OwnShards
  readonly #facts: FactsReader
  readonly #answers: Answers
  /** People who turned away and are not shown as away yet. */
  readonly #turning = new Set<Person>()
  #cancel: Cancel | undefined
  #tickedAt = 0
  #sweepAt = 0

  constructor(deps: PresenceServerDeps) {
    this.#deps = deps
    this.#shards = new OwnShards({
      ...deps,
      onMessage: (topic, message) => this.#onMessage(topic, message),
      onChanged: (people) => this.#settle(people),
    })
    this.#facts = new FactsReader({ ...deps, onRead: (person) => this.#onFacts(person) })
    this.#answers = new Answers({ ...deps, answerOf: (person) => this.#answerOf(person) })
  }

  /** Shards this server has, and the people it knows of in them. */
  get load(): { readonly shards: number; readonly people: number } {
    const people = Iterator.from(this.#shards.values()).reduce((sum, shard) => sum + shard.people.size, 0)
    return { shards: this.#shards.size, people }
  }

  /** Takes its share of the shards; what cannot be reached yet is tried again for ever. */
  async start(): Promise<void> {
    const { clock, bus } = this.#deps
    this.#tickedAt = clock.monotonic()
    await this.#shards.start()
    await bus.subscribe(topics.presenceSettings, this.#onSettings)
    this.#cancel = clock.every(SERVER_TICK_MS, () => this.#tick())
    await this.#shards.update()
  }

  async stop(): Promise<void> {
    this.#cancel?.()
    this.#deps.bus.unsubscribe(topics.presenceSettings, this.#onSettings)
    await this.#shards.stop()
  }

  #tick(): void {
    const now = this.#deps.clock.monotonic()
    if (now - this.#tickedAt > FROZEN_MS) {
      // Others have the shards by now, and know better.
      this.#shards.clear()
      this.#turning.clear()
    }
    this.#tickedAt = now
    void this.#shards.update()
    this.#shards.expire()
    this.#settle([...this.#turning].filter(({ awayAt }) => awayAt <= now))
    if (now >= this.#sweepAt) {
      this.#sweepAt = now + SWEEP_MS
      this.#sweep(now)
    }
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

  #onMessage(topic: string, message: string): void {
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
    const person = this.#shards.of(user)?.people.get(user)
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
    const { id, shown, facts } = person
    const shard = this.#shards.of(id)
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

  #sweep(now: number): void {
    for (const { people } of this.#shards.values()) {
      for (const person of people.values()) {
        person.forgetInterests(now)
        if (person.isForgettable) {
          people.delete(person.id)
        } else if (person.shown !== undefined && isPresent(person.shown)) {
          this.#refreshSeen(person, now)
        }
      }
    }
  }

  #refreshSeen(person: Person, now: number): void {
    if (person.notedAt === -Infinity) {
      person.notedAt = now
    } else if (now - person.notedAt >= SEEN_REFRESH_MS) {
      person.notedAt = now
      this.#deps.lastSeen.note(person.id, person.asOf)
    }
  }
}
