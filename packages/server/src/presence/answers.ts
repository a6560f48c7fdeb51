import type { Clock } from '@tam/util'
import { type Bus, topics } from '../ports/bus/bus.ts'
import { ANSWER_COLLECT_MS, ANSWER_PEOPLE_MAX } from './limits.ts'
import { type Answer, encodeAnswers } from './messages.ts'
import type { Person } from './person.ts'

export interface AnswersDeps {
  readonly clock: Pick<Clock, 'after'>
  readonly bus: Pick<Bus, 'publish'>
  /** Undefined while nothing is known of the person: silence. */
  readonly answerOf: (person: Person) => Answer | undefined
}

/** What chat servers have to be told, collected for a moment; as it is when it leaves. */
export class Answers {
  readonly #deps: AnswersDeps
  #waiting = new Map<string, Set<Person>>()

  constructor(deps: AnswersDeps) {
    this.#deps = deps
  }

  tell(node: string, person: Person): void {
    if (this.#waiting.size === 0) {
      this.#deps.clock.after(ANSWER_COLLECT_MS, () => this.#send())
    }
    const people = this.#waiting.get(node) ?? new Set()
    this.#waiting.set(node, people.add(person))
  }

  #send(): void {
    const waiting = this.#waiting
    this.#waiting = new Map()
    for (const [node, people] of waiting) {
      const answers = [...people].flatMap((person) => this.#deps.answerOf(person) ?? [])
      for (let from = 0; from < answers.length; from += ANSWER_PEOPLE_MAX) {
        const message = encodeAnswers(answers.slice(from, from + ANSWER_PEOPLE_MAX))
        this.#deps.bus.publish(topics.presenceNode(node), message)
      }
    }
  }
}
