import { AppError } from '../errors.ts'
import type { Created } from './conversations.ts'
import type { ActionDeps } from './deps.ts'
import { directId } from './directs.ts'
import { assertCanJoinMore } from './join-limit.ts'

export async function createDirect(deps: ActionDeps, user: string, peer: string): Promise<Created> {
  if (user === peer) {
    throw new AppError('invalid_request', { errors: [{ field: 'userId', message: 'must be somebody else' }] })
  }
  const [known] = await deps.people.users([peer])
  if (known === undefined) {
    throw new AppError('not_found')
  }
  const conv = directId(user, peer)
  await assertCanJoinMore(deps, user, conv)
  const created = await deps.directs.open(user, peer)
  return { created, conversation: await deps.summaries.get(user, conv) }
}
