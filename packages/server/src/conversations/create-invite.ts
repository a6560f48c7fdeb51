import type { CreateInviteBody, Invite } from '@tam/protocol'
import { AppError } from '../errors.ts'
import { commitAlways, commitSurely } from './commit.ts'
import type { ActionDeps } from './deps.ts'
import { hashOf, isUsable, newToken, scanInvites, secondsToKeep, summariseInvite } from './invites.ts'
import { INVITES_MAX, INVITE_DEFAULT_SECONDS, INVITE_ROWS_MAX } from './limits.ts'
import { manager } from './membership.ts'
import {
  INVITE_CONV,
  convPartition,
  decode,
  inviteKey,
  invitePartition,
  type InviteRow,
  type MetaRow,
} from './rows.ts'

/** Admins and owners invite. The token is told once; kv keeps its hash. */
export async function createInvite(
  deps: ActionDeps,
  user: string,
  conv: string,
  { expiresIn = INVITE_DEFAULT_SECONDS, maxUses }: CreateInviteBody,
): Promise<Invite> {
  const { expectation: inviter, meta } = await manager(deps, conv, user)
  const forgotten = await makeRoom(deps, conv, meta)
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
    delete: forgotten,
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

/**
 * @returns keys of ended invitations that must go for another one
 * @throws {AppError} forbidden when too many can still be used
 */
async function makeRoom({ kv, clock }: ActionDeps, conv: string, meta: MetaRow): Promise<string[]> {
  const now = clock.now()
  const rows = await scanInvites(kv, conv)
  const ended = rows.filter((row) => !isUsable(decode<InviteRow>(row), meta, now))
  if (rows.length - ended.length >= INVITES_MAX) {
    throw new AppError('forbidden', { detail: `At most ${INVITES_MAX} invitations` })
  }
  return rows.length < INVITE_ROWS_MAX ? [] : ended.map(({ key }) => key)
}
