import { REFS_MAX } from '../conversations/limits.ts'
import {
  FORMER_READ_PREFIX,
  SIDE_PREFIX,
  decode,
  formerReadKey,
  sideKey,
  userPartition,
  type ReadPosition,
  type SideRow,
} from '../conversations/rows.ts'
import { prefixEnd, type Kv, type Row } from '../ports/kv/kv.ts'

/*
 * A person's read position is part of their side of the membership, so that one scan of their partition says what they
 * follow and how far they are. In stores of format 1 it was a row of its own, `user/<user>` `read/<conv>`: `<seq>`, or
 * `<seq> <upTo> <count>` after a long count. That row holds until the position moves.
 */

/** A person's side of a membership as it is stored, and the position it means. */
export interface Side {
  readonly row: Row
  readonly value: SideRow
  readonly position: ReadPosition
}

/** The sides of several people in one conversation, in the order asked. */
export async function sidesIn(
  kv: Pick<Kv, 'getMany'>,
  conv: string,
  users: readonly string[],
): Promise<(Side | undefined)[]> {
  const rows = await kv.getMany(rowsOf(users, sideKey(conv)))
  const sides = rows.map((row) => row && { row, value: decode<SideRow>(row) })
  const former = await formerIn(
    kv,
    conv,
    users.filter((_, index) => isFormer(sides[index]?.value)),
  )
  return sides.map((side, index) => {
    return side && { ...side, position: positionOf(side.value, former.get(users[index] ?? '')) }
  })
}

/** Every side of one person by conversation: one scan, and another one while there is a side of format 1. */
export async function sidesOf(
  kv: Pick<Kv, 'scan'>,
  user: string,
): Promise<Map<string, Pick<Side, 'value' | 'position'>>> {
  const rows = await scanUnder(kv, user, SIDE_PREFIX)
  const sides = rows.map(([conv, row]): [string, SideRow] => [conv, decode<SideRow>(row)])
  const former = new Map(
    sides.some(([, side]) => isFormer(side)) ? await scanUnder(kv, user, FORMER_READ_PREFIX) : [],
  )
  return new Map(
    sides.map(([conv, value]) => [conv, { value, position: positionOf(value, former.get(conv)) }]),
  )
}

function isFormer(side: SideRow | undefined): boolean {
  return side !== undefined && side.read === undefined
}

function positionOf(side: SideRow, former: Row | undefined): ReadPosition {
  return side.read ?? (former === undefined ? { seq: side.seq } : parseFormer(former.value))
}

function parseFormer(value: string): ReadPosition {
  const [seq = 0, upTo, count] = value.split(' ').map(Number)
  return upTo === undefined || count === undefined ? { seq } : { seq, counted: { upTo, count } }
}

async function formerIn(
  kv: Pick<Kv, 'getMany'>,
  conv: string,
  users: readonly string[],
): Promise<Map<string, Row | undefined>> {
  const rows = users.length === 0 ? [] : await kv.getMany(rowsOf(users, formerReadKey(conv)))
  return new Map(users.map((user, index) => [user, rows[index]]))
}

function rowsOf(users: readonly string[], key: string) {
  return users.map((user) => ({ partition: userPartition(user), key }))
}

async function scanUnder(kv: Pick<Kv, 'scan'>, user: string, prefix: string): Promise<[string, Row][]> {
  const range = { from: prefix, to: prefixEnd(prefix), limit: REFS_MAX }
  const rows = await kv.scan(userPartition(user), range)
  return rows.map((row) => [row.key.slice(prefix.length), row])
}
