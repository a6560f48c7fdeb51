import type { Clock, Random } from '@tam/util'
import type { Access } from '../access/access.ts'
import type { Directs } from '../conversations/directs.ts'
import type { LogStore } from '../log/create-log.ts'
import type { Kv } from '../ports/kv/kv.ts'
import type { EntryCache } from './entry-cache.ts'
import { History } from './history.ts'
import type { Messages } from './messages.ts'
import { SendCheck } from './send-check.ts'
import { Sender } from './send-message.ts'

export interface MessagesDeps {
  readonly kv: Pick<Kv, 'getMany'>
  readonly log: LogStore
  readonly clock: Pick<Clock, 'now'>
  readonly random: Random
  readonly access: Access
  readonly directs: Pick<Directs, 'beforeMessage'>
  readonly entries: EntryCache
}

export function createMessages(deps: MessagesDeps): Messages {
  const sender = new Sender({ ...deps, check: new SendCheck(deps) })
  const history = new History(deps.log, deps.entries)
  const { access } = deps
  return {
    send: (user, conv, body) => sender.send(user, conv, body),
    async history(user, conv, position) {
      await access.requireMember(conv, user)
      return history.entries(conv, position)
    },
    async page(user, conv, position) {
      await access.requireMember(conv, user)
      return history.messages(conv, position)
    },
  }
}
