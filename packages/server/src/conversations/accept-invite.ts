import type { InvitePreview } from '@tam/protocol'
import type { ActionDeps } from './deps.ts'
import { assertUsable, findInvite, readInvite, secondsToKeep } from './invites.ts'
import { assertCanJoinMore } from './join-limit.ts'
import { assertRoom, putMember, rolesOf } from './membership.ts'
import { inviteKey } from './rows.ts'

/** What the bearer of a token may see before joining. */
export async function previewInvite(deps: ActionDeps, user: string, token: string): Promise<InvitePreview> {
  const found = await findInvite(deps.kv, token)
  const { invite, meta } = await readInvite(deps.kv, found)
  const joined = (await deps.access.member(found.conv, user)) !== undefined
  if (!joined) {
    assertUsable(invite, meta, deps.clock.now())
  }
  const { kind, title, members } = meta
  return { conversation: { id: found.conv, kind, title: title ?? '', memberCount: members }, joined }
}

/**
 * Joins by an invitation. The use is counted by the commit that adds the member, so the last one has one winner;
 * a member uses nothing up.
 * @returns the id of the conversation
 */
export async function acceptInvite(deps: ActionDeps, user: string, token: string): Promise<string> {
  const found = await findInvite(deps.kv, token)
  await assertCanJoinMore(deps, user, found.conv)
  await deps.changes.change(found.conv, user, async (deciding) => {
    const { invite, rev } = await readInvite(deps.kv, found)
    const [own] = await rolesOf(deps.kv, found.conv, [user])
    if (own !== undefined) {
      return undefined
    }
    const { meta } = deciding
    assertUsable(invite, meta, deps.clock.now())
    assertRoom(meta, 1)
    const used = { ...invite, uses: invite.uses + 1 }
    const ttl = secondsToKeep(used.expiresAt, deps.clock.now())
    return {
      event: { type: 'joined', users: [user] },
      meta: { members: meta.members + 1 },
      // Somebody may be taking it back in this moment.
      expect: [{ key: inviteKey(found.hash), rev }],
      put: [
        putMember(deciding, user, 'member'),
        { key: inviteKey(found.hash), value: JSON.stringify(used), ttl },
      ],
    }
  })
  return found.conv
}
