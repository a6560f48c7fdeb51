import type { ConversationPatch } from '@tam/protocol'
import type { ActionDeps } from './deps.ts'
import { assertMayManage, rolesOf } from './membership.ts'

/** Admins and owners change title and topic; what is the same already changes nothing. */
export async function patchDetails(
  deps: ActionDeps,
  user: string,
  conv: string,
  patch: ConversationPatch,
): Promise<void> {
  await deps.access.requireMember(conv, user)
  await deps.changes.change(conv, user, async ({ meta }) => {
    const [own] = await rolesOf(deps.kv, conv, [user])
    assertMayManage(meta, own, 'admin')
    const details = {
      ...(patch.title === undefined || patch.title === meta.title ? {} : { title: patch.title }),
      ...(patch.topic === undefined || patch.topic === meta.topic ? {} : { topic: patch.topic }),
    }
    return Object.keys(details).length === 0
      ? undefined
      : { event: { type: 'details', ...details }, meta: details }
  })
}
