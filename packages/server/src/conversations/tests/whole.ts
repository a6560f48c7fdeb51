import { expect } from 'bun:test'
import type { ConversationEntry, UserEntry } from '@tam/protocol'
import { createLog } from '../../log/create-log.ts'
import { prefixEnd, type KeyedRow } from '../../ports/kv/kv.ts'
import { seededRandom } from '@tam/util'
import { MEMBER_PREFIX, META, decode, decodeMeta, type MemberRow, type SideRow } from '../rows.ts'
import { BUCKET_SIZE, type Store } from './world.ts'

/**
 * Asserts that nothing is half done: no intent, nothing pending; the log of every conversation says exactly what its
 * rows say; every member's side and own log agree with the membership, and nobody else's do.
 */
export async function expectWhole(store: Store): Promise<void> {
  const rows = await readAll(store)
  const log = createLog({
    kv: store,
    clock: store.clock,
    random: seededRandom(1),
    bucketSize: BUCKET_SIZE,
    onCommitted: () => {},
  })
  const read = async <T>(id: string) =>
    (await log.read(id, 1, await log.head(id))).map((entry) => JSON.parse(entry) as T)
  for (const [partition, found] of rows) {
    if (partition.startsWith('saga/')) {
      expect(found).toEqual([])
    }
    if (partition.startsWith('conv/')) {
      const conv = partition.slice('conv/'.length)
      const entries = await read<ConversationEntry>(conv)
      const told = foldConversation(found, entries)
      await expectSides(rows, conv, told, read)
    }
  }
}

interface Told {
  readonly kind: string
  /** user → seq of the entry that made them a member. */
  readonly members: ReadonlyMap<string, number>
  readonly ever: ReadonlySet<string>
}

function foldConversation(rows: readonly KeyedRow[], entries: readonly ConversationEntry[]): Told {
  const meta = decodeMeta(rows.find(({ key }) => key === META))
  expect(rows.filter(({ key }) => key.startsWith('pending/'))).toEqual([])
  const stored = new Map(
    rows
      .filter(({ key }) => key.startsWith(MEMBER_PREFIX))
      .map((row) => [row.key.slice(MEMBER_PREFIX.length), decode<MemberRow>(row).role] as const),
  )
  if (meta === undefined) {
    expect([...stored]).toEqual([])
    expect(entries).toEqual([])
    return { kind: 'void', members: new Map(), ever: new Set() }
  }
  expect(stored.size).toBe(meta.members)
  expect(meta.staff).toEqual(
    Object.fromEntries([...stored].filter(([, role]) => role !== 'member')) as typeof meta.staff,
  )
  if (meta.kind === 'direct') {
    const shown = entries.length > 0 ? (meta.pair ?? []) : [meta.by]
    return { kind: 'direct', members: new Map(shown.map((user) => [user, 0])), ever: new Set(meta.pair) }
  }
  const told = foldMembers(entries)
  expect(Object.fromEntries(told.roles)).toEqual(Object.fromEntries(stored))
  expect(told.title).toBe(meta.title ?? '')
  if (meta.members > 0) {
    expect(Object.values(meta.staff)).toContain('owner')
  }
  return { kind: meta.kind, members: told.joined, ever: told.ever }
}

function foldMembers(entries: readonly ConversationEntry[]) {
  const roles = new Map<string, string>()
  const joined = new Map<string, number>()
  const ever = new Set<string>()
  let title = ''
  for (const entry of entries) {
    if (entry.type === 'created') {
      expect(entry.seq).toBe(1)
      title = entry.title
      roles.set(entry.from, 'owner')
      joined.set(entry.from, 1)
      ever.add(entry.from)
    } else if (entry.type === 'details') {
      title = entry.title ?? title
    } else if (entry.type === 'member') {
      if (entry.role === undefined) {
        expect(roles.delete(entry.user)).toBe(true)
        joined.delete(entry.user)
      } else {
        expect(roles.has(entry.user)).toBe(entry.change === 'role')
        roles.set(entry.user, entry.role)
        ever.add(entry.user)
        if (entry.change !== 'role') {
          joined.set(entry.user, entry.seq)
        }
      }
    }
  }
  return { roles, joined, ever, title }
}

async function expectSides(
  rows: ReadonlyMap<string, KeyedRow[]>,
  conv: string,
  told: Told,
  read: <T>(id: string) => Promise<T[]>,
): Promise<void> {
  const users = new Set([...told.ever, ...usersOf(rows)])
  for (const user of users) {
    const side = rows.get(`user/${user}`)?.find(({ key }) => key === `conv/${conv}`)
    const joinedSeq = told.members.get(user)
    const context = `${user} in ${told.kind} ${conv}`
    expect(side === undefined ? undefined : decode<SideRow>(side).seq, context).toBe(joinedSeq)
    const own = (await read<UserEntry>(user)).filter((entry) => 'conv' in entry && entry.conv === conv)
    // joined and left alternate, and the last one is what is true now.
    expect(
      own.map(({ type }) => type),
      context,
    ).toEqual(own.map((_, index) => (index % 2 === 0 ? 'joined' : 'left')))
    expect(own.at(-1)?.type === 'joined', context).toBe(joinedSeq !== undefined)
    const last = own.at(-1)
    if (last?.type === 'joined') {
      expect(last.head, context).toBe(joinedSeq ?? -1)
    }
  }
}

function usersOf(rows: ReadonlyMap<string, KeyedRow[]>): string[] {
  return [...rows.keys()].filter((name) => name.startsWith('user/')).map((name) => name.slice('user/'.length))
}

async function readAll(store: Store): Promise<Map<string, KeyedRow[]>> {
  const all = { from: '', to: prefixEnd(''), limit: 100_000 }
  const partitions = [...store.partitions]
  return new Map(
    await Promise.all(partitions.map(async (name) => [name, await store.scan(name, all)] as const)),
  )
}
