import { expect, test } from 'bun:test'
import { Store, createWorld } from '../conversations/tests/world.ts'
import { formerReadKey, sideKey, userPartition } from '../conversations/rows.ts'
import { sidesIn, sidesOf } from './read-position.ts'

/** A group whose people are as a server of format 1 has left them: `binh` has read up to 5, `chi` nothing. */
async function formerGroup() {
  const store = new Store()
  const world = createWorld(store)
  const memberIds = ['binh', 'chi']
  const { id } = (await world.conversations.createGroup('an', { title: 'Nhóm', memberIds })).conversation
  for (const text of ['Một', 'Hai', 'Ba']) {
    await world.say('an', id, text)
  }
  const key = sideKey(id)
  for (const user of ['an', 'binh', 'chi']) {
    const row = await store.get(userPartition(user), key)
    const { kind, seq } = JSON.parse(row?.value ?? '')
    await store.commit(userPartition(user), { put: [{ key, value: JSON.stringify({ kind, seq }) }] })
  }
  const put = [{ key: formerReadKey(id), value: '5 6 1' }]
  await store.commit(userPartition('binh'), { put })
  const formerOf = async (user: string) => (await store.get(userPartition(user), formerReadKey(id)))?.value
  return { store, world, id, formerOf }
}

test('positions of format 1 hold, with what was counted after them', async () => {
  const { store, world, id } = await formerGroup()
  const [an, binh, chi, dung] = await sidesIn(store, id, ['an', 'binh', 'chi', 'dung'])
  const counted = { seq: 5, counted: { upTo: 6, count: 1 } }
  expect([an?.position, binh?.position, chi?.position, dung]).toEqual([
    { seq: 1 },
    counted,
    { seq: 3 },
    undefined,
  ])
  expect((await sidesOf(store, 'binh')).get(id)?.position).toEqual(counted)
  expect(await world.conversations.list('binh')).toMatchObject([{ read: 5, unread: 1 }])
})

test('a move takes a position of format 1 into the side: from then on one scan answers', async () => {
  const { store, world, id, formerOf } = await formerGroup()
  expect(await world.reads.mark('binh', id, 4)).toMatchObject({ read: 5, moved: false })
  expect(await formerOf('binh')).toBe('5 6 1')
  expect(await world.reads.mark('binh', id, 6)).toEqual({ read: 6, unread: 0, moved: true })
  expect(await formerOf('binh')).toBeUndefined()
  let scans = 0
  const counting = { scan: (...args: Parameters<Store['scan']>) => (scans++, store.scan(...args)) }
  const side = (await sidesOf(counting, 'binh')).get(id)
  expect([side?.value.read, side?.position, scans]).toEqual([{ seq: 6 }, { seq: 6 }, 1])
})

test('a position of format 1 ends with its membership', async () => {
  const { world, id, formerOf } = await formerGroup()
  await world.conversations.removeMember('an', id, 'binh')
  expect(await formerOf('binh')).toBeUndefined()
  await world.conversations.addMembers('an', id, ['binh'])
  expect(await world.conversations.get('binh', id)).toMatchObject({ read: 8, unread: 0 })
})
