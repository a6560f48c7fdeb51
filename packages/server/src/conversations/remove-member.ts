import { isAtLeast } from '../access/roles.ts'
import { AppError } from '../errors.ts'
import type { ActionDeps } from './deps.ts'
import { assertMayManage, assertOwned, rolesOf, withRole } from './membership.ts'
import { memberKey } from './rows.ts'

/** Everybody may leave; admins remove members, owners anybody. The last owner stays while others do. */
export async function removeMember(
  deps: ActionDeps,
  user: string,
  conv: string,
  target: string,
): Promise<void> {
  const leaving = user === target
  await deps.access.requireMember(conv, user)
  await deps.changes.change(conv, user, async ({ meta }) => {
    const [own, theirs] = await rolesOf(deps.kv, conv, [user, target])
    assertMayManage(meta, own, leaving ? 'member' : 'admin')
    if (theirs === undefined) {
      throw new AppError('not_found')
    }
    if (!leaving && isAtLeast(theirs, 'admin') && own !== 'owner') {
      throw new AppError('forbidden')
    }
    const members = meta.members - 1
    const staff = withRole(meta.staff, target, 'member')
    assertOwned(staff, members)
    return {
      event: { type: leaving ? 'left' : 'removed', user: target },
      meta: { members, staff },
      delete: [memberKey(target)],
    }
  })
}
