import { hash } from 'node:crypto'
import type { InviteSummary } from '@tam/protocol'
import { randomId, type Random } from '@tam/util'
import { AppError } from '../errors.ts'
import { prefixEnd, type KeyedRow, type Kv } from '../ports/kv/kv.ts'
import { INVITE_GRACE_SECONDS, INVITE_ROWS_MAX } from './limits.ts'
import {
  INVITE_CONV,
  INVITE_PREFIX,
  META,
  convPartition,
  decode,
  decodeMeta,
  inviteKey,
  invitePartition,
  type InviteRow,
  type MetaRow,
} from './rows.ts'

/* An invitation is a random token; kv knows only its hash, here and in the conversation's partition. */

export interface FoundInvite {
  readonly hash: string
  readonly conv: string
}

/** 22 characters, 132 random bits. */
export function newToken(random: Random): string {
  return randomId(random, 22)
}

export function hashOf(token: string): string {
  return hash('sha256', token, 'base64url')
}

/** Characters of the hash that name an invitation to those who manage it: 72 bits, which lead to no token. */
const INVITE_ID_LENGTH = 12

/** The rows of all invitations of a conversation, with those that ended less than a day ago. */
export function scanInvites(kv: Pick<Kv, 'scan'>, conv: string): Promise<KeyedRow[]> {
  const range = { from: INVITE_PREFIX, to: prefixEnd(INVITE_PREFIX), limit: INVITE_ROWS_MAX }
  return kv.scan(convPartition(conv), range)
}

/** The row of the invitation that those who manage it call `id`. */
export async function rowOfInvite(
  kv: Pick<Kv, 'scan'>,
  conv: string,
  id: string,
): Promise<KeyedRow | undefined> {
  if (id.length !== INVITE_ID_LENGTH) {
    // A shorter one would be the beginning of several.
    return undefined
  }
  const from = inviteKey(id)
  const [row] = await kv.scan(convPartition(conv), { from, to: prefixEnd(from), limit: 1 })
  return row
}

export function summariseInvite(
  tokenHash: string,
  { by, at, expiresAt, maxUses, uses }: InviteRow,
): InviteSummary {
  const id = tokenHash.slice(0, INVITE_ID_LENGTH)
  return { id, by, createdAt: at, expiresAt, maxUses, uses }
}

/** False when it has ended for good. */
export function isOpen({ maxUses, uses, expiresAt }: InviteRow, now: number): boolean {
  return (maxUses === null || uses < maxUses) && Date.parse(expiresAt) > now
}

/** @throws AppError `not_found` */
export async function findInvite(kv: Pick<Kv, 'get'>, token: string): Promise<FoundInvite> {
  const tokenHash = hashOf(token)
  const row = await kv.get(invitePartition(tokenHash), INVITE_CONV)
  if (row === undefined) {
    throw new AppError('not_found')
  }
  return { hash: tokenHash, conv: row.value }
}

/** @throws AppError `not_found` */
export async function readInvite(
  kv: Pick<Kv, 'getMany'>,
  { hash: tokenHash, conv }: FoundInvite,
): Promise<{ invite: InviteRow; rev: string; meta: MetaRow }> {
  const partition = convPartition(conv)
  const [row, metaRow] = await kv.getMany([
    { partition, key: inviteKey(tokenHash) },
    { partition, key: META },
  ])
  const meta = decodeMeta(metaRow)
  if (row === undefined || meta === undefined) {
    throw new AppError('not_found')
  }
  return { invite: decode<InviteRow>(row), rev: row.rev, meta }
}

/** True while somebody could still join with it: whoever made it must still be one who may invite. */
export function isUsable(invite: InviteRow, { staff, members }: MetaRow, now: number): boolean {
  return isOpen(invite, now) && Object.hasOwn(staff, invite.by) && members > 0
}

/** @throws AppError `invite_unusable` when nobody can join with it */
export function assertUsable(invite: InviteRow, meta: MetaRow, now: number): void {
  if (!isUsable(invite, meta, now)) {
    throw new AppError('invite_unusable')
  }
}

/** How long the rows of an invitation stay: expired ones are still known for a day. */
export function secondsToKeep(expiresAt: string, now: number): number {
  return Math.max(1, Math.ceil((Date.parse(expiresAt) - now) / 1_000) + INVITE_GRACE_SECONDS)
}
