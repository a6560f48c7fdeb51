import { AppError } from '../errors.ts'
import type { ActionDeps } from './deps.ts'
import { assertMayManage, assertPeople, assertRoom, putMember, rolesOf } from './membership.ts'

/** Admins and owners add people; those who are members already stay as they are. */
export async function addMembers(
  deps: ActionDeps,
  user: string,
  conv: string,
  userIds: readonly string[],
): Promise<void> {
  await deps.access.requireMember(conv, user)
  await assertPeople(deps.people, 'userIds', userIds)
  const wanted = [...new Set(userIds)]
  await deps.changes.change(conv, user, async (deciding) => {
    const { meta } = deciding
    const [own, ...roles] = await rolesOf(deps.kv, conv, [user, ...wanted])
    assertMayManage(meta, own, 'admin')
    const users = wanted.filter((_, index) => roles[index] === undefined)
    if (users.length === 0) {
      throw new AppError('already_member')
    }
    assertRoom(meta, users.length)
    return {
      event: { type: 'added', users },
      meta: { members: meta.members + users.length },
      put: users.map((id) => putMember(deciding, id, 'member')),
    }
  })
}
