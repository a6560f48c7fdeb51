import type { PresenceFacts } from '../accounts/profiles.ts'
import { DEFAULT_PRESENCE } from '@tam/protocol'
import type { Clock } from '@tam/util'
import type { LastSeen } from './last-seen.ts'
import { ANSWER_COLLECT_MS, FACTS_AGE_MS, FACTS_CHUNK } from './limits.ts'
import type { Person } from './person.ts'

export interface FactsDeps {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  /** Of those of the people who exist, by id, as stored now. */
  readonly factsOf: (users: readonly string[]) => Promise<ReadonlyMap<string, PresenceFacts>>
  readonly lastSeen: Pick<LastSeen, 'read'>
  /** New facts of a person. */
  readonly onRead: (person: Person) => void
  readonly onError: (error: unknown) => void
}

/** Reads what is stored of people, many at once, when somebody asks for them. */
export class FactsReader {
  readonly #deps: FactsDeps
  readonly #wanted = new Set<Person>()
  #reading = false

  constructor(deps: FactsDeps) {
    this.#deps = deps
  }

  /** Reads them now, or soon again if they could not be read; when they are known, only after a while. */
  want(person: Person): void {
    if (this.#deps.clock.monotonic() - person.factsAt >= FACTS_AGE_MS) {
      this.renew(person)
    }
  }

  renew(person: Person): void {
    this.#wanted.add(person)
    if (!this.#reading) {
      this.#reading = true
      this.#deps.clock.after(ANSWER_COLLECT_MS, () => void this.#readAll())
    }
  }

  async #readAll(): Promise<void> {
    while (this.#wanted.size > 0) {
      const people = [...this.#wanted.values().take(FACTS_CHUNK)]
      people.forEach((person) => this.#wanted.delete(person))
      try {
        await this.#read(people)
      } catch (error) {
        // Whoever asked asks again.
        this.#deps.onError(error)
      }
    }
    this.#reading = false
  }

  async #read(people: readonly Person[]): Promise<void> {
    const users = people.map(({ id }) => id)
    const [stored, seen] = await Promise.all([this.#deps.factsOf(users), this.#deps.lastSeen.read(users)])
    for (const [i, person] of people.entries()) {
      const facts = stored.get(person.id)
      person.facts = {
        settings: facts?.settings ?? DEFAULT_PRESENCE,
        seen: seen[i] ?? (facts === undefined ? null : Date.parse(facts.createdAt)),
      }
      person.factsAt = this.#deps.clock.monotonic()
      this.#deps.onRead(person)
    }
  }
}
