import type { Kind } from '@tam/protocol'
import type { Created, NewChannel } from './conversations.ts'
import { assertCanJoinMore } from './join-limit.ts'
import type { ActionDeps } from './deps.ts'
import { assertPeople, putMember } from './membership.ts'
import { newId } from './rows.ts'

/** A group or a channel, owned by `user`. Those named are members from the beginning. */
export async function createGroup(
  deps: ActionDeps,
  user: string,
  kind: Exclude<Kind, 'direct'>,
  { title, topic = '', memberIds = [], public: open = false }: NewChannel,
): Promise<Created> {
  await Promise.all([assertPeople(deps.people, 'memberIds', memberIds), assertCanJoinMore(deps, user)])
  const users = [...new Set(memberIds)].filter((id) => id !== user)
  const conv = newId(deps.random)
  const details = { kind, title, topic, public: kind === 'channel' && open, pair: null }
  await deps.changes.create(conv, user, (moment) => ({
    event: { type: 'created', kind, title, users },
    meta: { ...details, members: users.length + 1, staff: { [user]: 'owner' } },
    put: [putMember(moment, user, 'owner'), ...users.map((id) => putMember(moment, id, 'member'))],
  }))
  return { created: true, conversation: await deps.summaries.get(user, conv) }
}
