import { hash } from 'node:crypto'
import { randomId, type Random } from '@tam/util'
import { AppError } from '../errors.ts'
import type { Kv } from '../ports/kv/kv.ts'
import { INVITE_GRACE_SECONDS } from './limits.ts'
import {
  INVITE_CONV,
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
): Promise<{ invite: InviteRow; meta: MetaRow }> {
  const partition = convPartition(conv)
  const [row, metaRow] = await kv.getMany([
    { partition, key: inviteKey(tokenHash) },
    { partition, key: META },
  ])
  const meta = decodeMeta(metaRow)
  if (row === undefined || meta === undefined) {
    throw new AppError('not_found')
  }
  return { invite: decode<InviteRow>(row), meta }
}

/** @throws AppError `invite_unusable` when it has expired, is used up, or nobody is left to join */
export function assertUsable(invite: InviteRow, meta: MetaRow, now: number): void {
  const spent = invite.maxUses !== null && invite.uses >= invite.maxUses
  if (spent || Date.parse(invite.expiresAt) <= now || meta.members === 0) {
    throw new AppError('invite_unusable')
  }
}

/** How long the rows of an invitation stay: expired ones are still known for a day. */
export function secondsToKeep(expiresAt: string, now: number): number {
  return Math.max(1, Math.ceil((Date.parse(expiresAt) - now) / 1_000) + INVITE_GRACE_SECONDS)
}
