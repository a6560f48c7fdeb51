import type { Role } from '@tam/protocol'
import { isAtLeast } from '../access/roles.ts'
import { AppError } from '../errors.ts'
import type { Expectation, Kv, Put } from '../ports/kv/kv.ts'
import type { Deciding } from './changes.ts'
import type { ActionDeps, People } from './deps.ts'
import { MEMBERS_MAX, STAFF_MAX } from './limits.ts'
import {
  META,
  convPartition,
  decode,
  decodeMeta,
  memberKey,
  type MemberRow,
  type MetaRow,
  type Staff,
} from './rows.ts'

/* Rules about members, asked of kv in the moment a change is decided. */

/** Roles as they are now, in the order asked; undefined for those who are not members. */
export async function rolesOf(
  kv: Pick<Kv, 'getMany'>,
  conv: string,
  users: readonly string[],
): Promise<(Role | undefined)[]> {
  const rows = await kv.getMany(
    users.map((user) => ({ partition: convPartition(conv), key: memberKey(user) })),
  )
  return rows.map((row) => (row === undefined ? undefined : decode<MemberRow>(row).role))
}

/** @throws AppError `not_found` for strangers, `forbidden` below `least` and in direct conversations */
export function assertMayManage(meta: MetaRow, role: Role | undefined, least: Role): void {
  if (role === undefined) {
    throw new AppError('not_found')
  }
  if (meta.kind === 'direct' || !isAtLeast(role, least)) {
    throw new AppError('forbidden')
  }
}

/**
 * That `user` is an admin or owner, as the expectation of a commit which must not outlive it; and of what.
 * @throws AppError as `assertMayManage`
 */
export async function manager(
  { kv, access }: Pick<ActionDeps, 'kv' | 'access'>,
  conv: string,
  user: string,
): Promise<{ expectation: Expectation; meta: MetaRow }> {
  await access.requireMember(conv, user)
  const partition = convPartition(conv)
  const key = memberKey(user)
  const [metaRow, member] = await kv.getMany([
    { partition, key: META },
    { partition, key },
  ])
  const meta = decodeMeta(metaRow)
  if (meta === undefined || member === undefined) {
    throw new AppError('not_found')
  }
  assertMayManage(meta, decode<MemberRow>(member).role, 'admin')
  return { expectation: { key, rev: member.rev }, meta }
}

/** @throws AppError `forbidden` when `more` people do not fit */
export function assertRoom({ kind, members }: MetaRow, more: number): void {
  const max = MEMBERS_MAX[kind]
  if (members + more > max) {
    throw new AppError('forbidden', { detail: `At most ${max} members` })
  }
}

/** The role of somebody who is a member. */
export function roleOfMember(staff: Staff, user: string): Role {
  return staff[user] ?? 'member'
}

/** @throws AppError `forbidden` when there are too many owners and admins */
export function withRole(staff: Staff, user: string, role: Role): Staff {
  const { [user]: _, ...others } = staff
  if (role === 'member') {
    return others
  }
  if (Object.keys(others).length >= STAFF_MAX) {
    throw new AppError('forbidden', { detail: `At most ${STAFF_MAX} owners and admins` })
  }
  return { ...others, [user]: role }
}

/** @throws AppError `last_owner` when nobody could manage the conversation any more */
export function assertOwned(staff: Staff, members: number): void {
  if (members > 0 && !Object.values(staff).includes('owner')) {
    throw new AppError('last_owner')
  }
}

export function putMember({ op, at }: Omit<Deciding, 'meta'>, user: string, role: Role): Put {
  const row: MemberRow = { role, at, op }
  return { key: memberKey(user), value: JSON.stringify(row) }
}

/** @throws AppError `invalid_request` that names the ids nobody has, as `<field>.<index>` */
export async function assertPeople(people: People, field: string, ids: readonly string[]): Promise<void> {
  const found = new Set((await people.users([...new Set(ids)])).map(({ id }) => id))
  const errors = ids.flatMap((id, index) =>
    found.has(id) ? [] : [{ field: `${field}.${index}`, message: 'must be the id of a person' }],
  )
  if (errors.length > 0) {
    throw new AppError('invalid_request', { errors })
  }
}
