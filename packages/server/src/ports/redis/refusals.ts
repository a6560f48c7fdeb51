import { ErrorReply } from 'redis'
import { nameOf, type RedisLink, type RedisLinkOptions } from './redis-link.ts'

/** Kinds of refusals that are told. Redis has some two dozen. */
const KINDS_MAX = 32
/** What a cluster answers while slots move, and a server that does not know a script yet: followed, not told. */
const FOLLOWED = /^(?:MOVED|ASK|TRYAGAIN|NOSCRIPT) /

/** Says in the log what Redis refuses: each kind once per connection, since every command would say it again. */
export class Refusals {
  readonly #options: Pick<RedisLinkOptions, 'logger' | 'purpose'>
  readonly #told = new Set<string>()

  constructor(options: Pick<RedisLinkOptions, 'logger' | 'purpose'>) {
    this.#options = options
  }

  /** For any failure of a command; those of the connection are told elsewhere. */
  tell(error: unknown, { address }: RedisLink): void {
    if (!(error instanceof ErrorReply) || FOLLOWED.test(error.message)) {
      return
    }
    const [kind = ''] = error.message.split(' ', 1)
    if (!this.#told.has(kind) && this.#told.size < KINDS_MAX) {
      this.#told.add(kind)
      const { logger, purpose } = this.#options
      logger.error({ err: error, redis: nameOf(address), purpose }, 'Redis refuses what it is asked')
    }
  }

  /** After a connection is made anew. */
  forget(): void {
    this.#told.clear()
  }
}
