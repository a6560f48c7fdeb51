import type { CreateInviteBody, Invite } from '@tam/protocol'
import { AppError } from '../errors.ts'
import { commitAlways, commitSurely } from './commit.ts'
import type { ActionDeps } from './deps.ts'
import { hashOf, newToken, scanInvites, secondsToKeep, summariseInvite } from './invites.ts'
import { INVITES_MAX, INVITE_DEFAULT_SECONDS } from './limits.ts'
import { manager } from './membership.ts'
import { INVITE_CONV, convPartition, inviteKey, invitePartition, type InviteRow } from './rows.ts'

/** Admins and owners invite. The token is told once; kv keeps its hash. */
export async function createInvite(
  deps: ActionDeps,
  user: string,
  conv: string,
  { expiresIn = INVITE_DEFAULT_SECONDS, maxUses }: CreateInviteBody,
): Promise<Invite> {
  const inviter = await manager(deps.kv, conv, user)
  await assertRoomForInvite(deps, conv)
  const token = newToken(deps.random)
  const tokenHash = hashOf(token)
  const now = deps.clock.now()
  const expiresAt = new Date(now + expiresIn * 1_000).toISOString()
  const at = new Date(now).toISOString()
  const row: InviteRow = { by: user, at, expiresAt, maxUses: maxUses ?? null, uses: 0 }
  const ttl = secondsToKeep(expiresAt, now)
  // The way to the conversation first: alone it leads nowhere.
  await commitAlways(deps, invitePartition(tokenHash), { put: [{ key: INVITE_CONV, value: conv, ttl }] })
  const change = {
    expect: [inviter],
    put: [{ key: inviteKey(tokenHash), value: JSON.stringify(row), ttl }],
  }
  const stored = await commitSurely(
    deps,
    convPartition(conv),
    change,
    async () => (await deps.kv.get(convPartition(conv), inviteKey(tokenHash))) !== undefined,
  )
  if (!stored) {
    // The inviter's role changed in this very moment.
    throw new AppError('unavailable')
  }
  const url = `${deps.publicUrl}/i/${token}`
  return { ...summariseInvite(tokenHash, row), token, url }
}

async function assertRoomForInvite({ kv }: ActionDeps, conv: string): Promise<void> {
  if ((await scanInvites(kv, conv)).length >= INVITES_MAX) {
    throw new AppError('forbidden', { detail: `At most ${INVITES_MAX} invitations` })
  }
}
