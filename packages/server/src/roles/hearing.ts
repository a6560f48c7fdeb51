import type { HeardSince } from '../access/conversation-cache.ts'
import type { Gateway } from '../realtime/listener.ts'

/** What this process hears of the changes that other servers make: what its gateway follows, or nothing. */
export class Hearing {
  #gateway: Pick<Gateway, 'heardSince'> | undefined

  listenBy(gateway: Pick<Gateway, 'heardSince'>): void {
    this.#gateway = gateway
  }

  readonly since: HeardSince = (conv) => this.#gateway?.heardSince(conv)
}
