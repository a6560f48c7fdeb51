import type { CreateInviteBody, Invite } from '@tam/protocol'
import { AppError } from '../errors.ts'
import { prefixEnd } from '../ports/kv/kv.ts'
import { commitAlways, commitSurely } from './commit.ts'
import type { ActionDeps } from './deps.ts'
import { hashOf, newToken, secondsToKeep } from './invites.ts'
import { INVITES_MAX, INVITE_DEFAULT_SECONDS } from './limits.ts'
import { assertMayManage } from './membership.ts'
import {
  INVITE_CONV,
  INVITE_PREFIX,
  META,
  convPartition,
  decode,
  decodeMeta,
  inviteKey,
  invitePartition,
  memberKey,
  type InviteRow,
  type MemberRow,
} from './rows.ts'

/** Admins and owners invite. The token is told once; kv keeps its hash. */
export async function createInvite(
  deps: ActionDeps,
  user: string,
  conv: string,
  { expiresIn = INVITE_DEFAULT_SECONDS, maxUses }: CreateInviteBody,
): Promise<Invite> {
  const memberRev = await assertMayInvite(deps, user, conv)
  const token = newToken(deps.random)
  const tokenHash = hashOf(token)
  const expiresAt = new Date(deps.clock.now() + expiresIn * 1_000).toISOString()
  const row: InviteRow = { by: user, expiresAt, maxUses: maxUses ?? null, uses: 0 }
  const ttl = secondsToKeep(expiresAt, deps.clock.now())
  // The way to the conversation first: alone it leads nowhere.
  await commitAlways(deps, invitePartition(tokenHash), { put: [{ key: INVITE_CONV, value: conv, ttl }] })
  const change = {
    expect: [{ key: memberKey(user), rev: memberRev }],
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
  return { token, url, expiresAt, maxUses: row.maxUses, uses: 0 }
}

async function assertMayInvite({ kv }: ActionDeps, user: string, conv: string): Promise<string> {
  const partition = convPartition(conv)
  const [metaRow, member] = await kv.getMany([
    { partition, key: META },
    { partition, key: memberKey(user) },
  ])
  const meta = decodeMeta(metaRow)
  if (meta === undefined || member === undefined) {
    throw new AppError('not_found')
  }
  assertMayManage(meta, decode<MemberRow>(member).role, 'admin')
  const range = { from: INVITE_PREFIX, to: prefixEnd(INVITE_PREFIX), limit: INVITES_MAX }
  if ((await kv.scan(partition, range)).length >= INVITES_MAX) {
    throw new AppError('forbidden', { detail: `At most ${INVITES_MAX} invitations` })
  }
  return member.rev
}
