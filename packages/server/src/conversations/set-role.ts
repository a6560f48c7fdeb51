import type { Role } from '@tam/protocol'
import { AppError } from '../errors.ts'
import type { ActionDeps } from './deps.ts'
import { assertMayManage, assertOwned, putMember, rolesOf, withRole } from './membership.ts'

/** Only owners give and take roles; the last one cannot step down. */
export async function setRole(
  deps: ActionDeps,
  user: string,
  conv: string,
  { target, role }: { readonly target: string; readonly role: Role },
): Promise<void> {
  await deps.access.requireMember(conv, user)
  await deps.changes.change(conv, user, async (deciding) => {
    const { meta } = deciding
    const [own, theirs] = await rolesOf(deps.kv, conv, [user, target])
    assertMayManage(meta, own, 'owner')
    if (theirs === undefined) {
      throw new AppError('not_found')
    }
    if (theirs === role) {
      return undefined
    }
    const staff = withRole(meta.staff, target, role)
    assertOwned(staff, meta.members)
    return {
      event: { type: 'role', user: target, role },
      meta: { staff },
      put: [putMember(deciding, target, role)],
    }
  })
}
