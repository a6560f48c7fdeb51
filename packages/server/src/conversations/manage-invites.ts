import type { InviteSummary } from '@tam/protocol'
import { AppError } from '../errors.ts'
import { commitSurely, untilUncontended } from './commit.ts'
import type { ActionDeps } from './deps.ts'
import { isOpen, isUsable, rowOfInvite, scanInvites, summariseInvite } from './invites.ts'
import { INVITE_GRACE_SECONDS } from './limits.ts'
import { manager } from './membership.ts'
import { convPartition, decode, INVITE_PREFIX, type InviteRow } from './rows.ts'

/** The invitations somebody could still join with, newest first; for admins and owners. */
export async function listInvites(deps: ActionDeps, user: string, conv: string): Promise<InviteSummary[]> {
  const { meta } = await manager(deps, conv, user)
  const now = deps.clock.now()
  return (await scanInvites(deps.kv, conv))
    .map((row) => ({ hash: row.key.slice(INVITE_PREFIX.length), invite: decode<InviteRow>(row) }))
    .filter(({ invite }) => isUsable(invite, meta, now))
    .sort((a, b) => (a.invite.at < b.invite.at ? 1 : -1))
    .map(({ hash, invite }) => summariseInvite(hash, invite))
}

/**
 * Takes an invitation back: it ends now instead of at its time, and its link says what that of an ended one says. One
 * that has ended already stays as it is.
 * @throws AppError `not_found` when the conversation has no such invitation
 */
export async function revokeInvite(deps: ActionDeps, user: string, conv: string, id: string): Promise<void> {
  const { kv, clock } = deps
  await untilUncontended(deps, async () => {
    const { expectation: revoker } = await manager(deps, conv, user)
    const row = await rowOfInvite(kv, conv, id)
    if (row === undefined) {
      throw new AppError('not_found')
    }
    const invite = decode<InviteRow>(row)
    const now = clock.now()
    if (!isOpen(invite, now)) {
      return true
    }
    const ended: InviteRow = { ...invite, expiresAt: new Date(now).toISOString() }
    const change = {
      // A use that is being counted would write the row anew, as open as it was.
      expect: [revoker, { key: row.key, rev: row.rev }],
      put: [{ key: row.key, value: JSON.stringify(ended), ttl: INVITE_GRACE_SECONDS }],
    }
    return commitSurely(deps, convPartition(conv), change, async () => {
      const now = await kv.get(convPartition(conv), row.key)
      return now === undefined || !isOpen(decode<InviteRow>(now), clock.now())
    })
  })
}
