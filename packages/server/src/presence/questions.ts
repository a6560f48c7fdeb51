import type { Clock } from '@tam/util'
import { type Bus, topics } from '../ports/bus/bus.ts'
import { ASK_COLLECT_MS, ASK_PEOPLE_MAX } from './limits.ts'
import { encodeQuestion } from './messages.ts'
import { shardOf } from './shards.ts'

export interface QuestionsDeps {
  readonly clock: Pick<Clock, 'after'>
  readonly bus: Pick<Bus, 'publish'>
  readonly node: string
}

/** What a chat server asks the presence servers: collected for a moment, one message per shard. */
export class Questions {
  readonly #deps: QuestionsDeps
  #waiting = new Set<string>()

  constructor(deps: QuestionsDeps) {
    this.#deps = deps
  }

  ask(user: string): void {
    if (this.#waiting.size === 0) {
      this.#deps.clock.after(ASK_COLLECT_MS, () => this.#send())
    }
    this.#waiting.add(user)
  }

  #send(): void {
    const { bus, node } = this.#deps
    const byShard = Map.groupBy(this.#waiting, shardOf)
    this.#waiting = new Set()
    for (const [shard, users] of byShard) {
      for (let from = 0; from < users.length; from += ASK_PEOPLE_MAX) {
        const question = encodeQuestion({ node, users: users.slice(from, from + ASK_PEOPLE_MAX) })
        bus.publish(topics.presenceShard(shard), question)
      }
    }
  }
}
