import { AppError } from '../errors.ts'
import type { ActionDeps } from './deps.ts'
import { assertCanJoinMore } from './join-limit.ts'
import { assertRoom, putMember, rolesOf } from './membership.ts'

/** Anybody joins a public channel that somebody is in; members stay as they are. */
export async function joinChannel(deps: ActionDeps, user: string, conv: string): Promise<void> {
  await assertCanJoinMore(deps, user)
  await deps.changes.change(conv, user, async (deciding) => {
    const { meta } = deciding
    const [own] = await rolesOf(deps.kv, conv, [user])
    if (own !== undefined) {
      return undefined
    }
    if (meta.kind !== 'channel' || !meta.public || meta.members === 0) {
      throw new AppError('not_found')
    }
    assertRoom(meta, 1)
    return {
      event: { type: 'joined', user },
      meta: { members: meta.members + 1 },
      put: [putMember(deciding, user, 'member')],
    }
  })
}
