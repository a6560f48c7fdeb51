import { expect, test } from 'bun:test'
import { CLOSE } from '@tam/protocol/close-code'
import { must } from '@tam/util'
import { fill, texts, twoPeople } from './two-people.ts'

test('[RS4] what was missed while disconnected comes in order, and is not announced as news', async () => {
  const people = await twoPeople()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  fill(people, people.direct, 'dat', 2)
  await people.network.settle()
  people.huong.messages.length = 0
  people.huong.setOffline(true)
  fill(people, people.direct, 'dat', 5)
  people.huong.setOffline(false)
  await people.network.pass(2_000)
  expect(texts(handle.timeline.get())).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `tin ${n}`))
  expect(people.huong.messages).toEqual([])
  fill(people, people.direct, 'dat', 1)
  await people.network.settle()
  expect(people.huong.messages).toEqual(['tin 8'])
})

test('a single missed message is news', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 1)
  await people.network.settle()
  people.huong.messages.length = 0
  people.huong.setOffline(true)
  fill(people, people.direct, 'dat', 1)
  people.huong.setOffline(false)
  await people.network.pass(2_000)
  expect(people.huong.messages).toEqual(['tin 2'])
})

test('[RS5] a gap too large starts over from the head, and the open conversation pages back', async () => {
  const people = await twoPeople({ gapMax: 10 })
  const resyncs: string[] = []
  people.huong.client.on('resync', ({ reason }) => resyncs.push(reason))
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  fill(people, people.direct, 'dat', 3)
  await people.network.settle()
  people.huong.setOffline(true)
  fill(people, people.direct, 'dat', 40)
  people.huong.setOffline(false)
  await people.network.pass(2_000)
  expect(resyncs).toEqual(['gap_too_large'])
  expect(texts(handle.timeline.get())).toHaveLength(43)
  expect(handle.summary.get()).toMatchObject({ head: 43, unread: 43, lastMessage: { text: 'tin 43' } })
})

test('[RS6] after a restored backup the old positions are dropped, and unsent messages lower their base', async () => {
  const people = await twoPeople()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  fill(people, people.direct, 'dat', 20)
  await people.network.settle()
  people.huong.setOffline(true)
  handle.send('Viết trước khi khôi phục')
  people.direct.entries.length = 5
  people.network.server.options.epoch = 'restored'
  people.network.server.restart(CLOSE.draining)
  people.huong.setOffline(false)
  await people.network.pass(3_000)
  expect(texts(handle.timeline.get())).toEqual([
    'tin 1',
    'tin 2',
    'tin 3',
    'tin 4',
    'tin 5',
    'Viết trước khi khôi phục',
  ])
  expect(people.network.server.violations).toEqual([])
})

test('a gap in the middle of a connection is repaired by one request', async () => {
  const people = await twoPeople()
  const repairs: object[] = []
  people.huong.client.on('repaired', (repair) => repairs.push(repair))
  fill(people, people.direct, 'dat', 1)
  await people.network.settle()
  fill(people, people.direct, 'dat', 3)
  const pair = must(people.huong.pair)
  pair.reorder('down', { float: () => 0, bytes: () => new Uint8Array() })
  pair.flush('down', 1)
  expect(pair.waiting('up').map((frame) => JSON.parse(frame))).toMatchObject([{ t: 'history', after: 1 }])
  await people.network.settle()
  expect(repairs).toHaveLength(1)
  expect(people.huong.client.conversation(people.direct.id).summary.get()).toMatchObject({
    head: 4,
    unread: 4,
  })
  expect(people.huong.messages).toEqual(['tin 1', 'tin 2', 'tin 3', 'tin 4'])
})

test('[MB2] who is removed loses the conversation; who is added gets it live', async () => {
  const people = await twoPeople()
  const { server } = people.network
  const ids = () =>
    people.dat.client.conversations
      .get()
      ?.map(({ id }) => id)
      .sort()
  server.changeMember(people.group.id, 'dat', 'removed', 'huong')
  await people.network.settle()
  expect(ids()).toEqual([people.direct.id])
  fill(people, people.group, 'huong', 2)
  server.changeMember(people.group.id, 'dat', 'added', 'huong')
  await people.network.settle()
  expect(ids()).toEqual([people.direct.id, people.group.id])
  fill(people, people.group, 'huong', 1)
  await people.network.settle()
  const summary = people.dat.client.conversation(people.group.id).summary.get()
  expect(summary).toMatchObject({ title: 'Kế hoạch Tết', memberCount: 2, unread: 1, head: 6 })
  expect(people.dat.messages).toEqual(['tin 6'])
})

test('[SND-03] what was written for a conversation that one was removed from is failed, and can be found', async () => {
  const people = await twoPeople()
  const { id } = people.group
  people.dat.setOffline(true)
  people.dat.client
    .conversation(id)
    .send('Tối nay ai mua bánh chưng?')
    .stored.catch(() => undefined)
  people.network.server.changeMember(id, 'dat', 'removed', 'huong')
  const found = () => {
    const { client } = people.dat
    expect(client.unsent.get()).toEqual([id])
    expect(client.former.get()).toMatchObject([{ id, title: 'Kế hoạch Tết', lastMessage: null }])
    expect(client.conversation(id).timeline.get().items).toMatchObject([
      { text: 'Tối nay ai mua bánh chưng?', state: 'failed' },
    ])
  }
  people.dat.setOffline(false)
  await people.network.pass(3_000)
  found()
  await people.dat.restart()
  await people.network.settle()
  found()
  const [failed] = people.dat.client.conversation(id).timeline.get().items
  const text = await people.dat.client.conversation(id).discard((failed as { cid: string }).cid)
  expect(text).toBe('Tối nay ai mua bánh chưng?')
  expect(people.dat.client.unsent.get()).toEqual([])
  people.network.server.changeMember(id, 'dat', 'added', 'huong')
  await people.network.settle()
  expect(people.dat.client.former.get()).toEqual([])
})

test('[SND-06] a restart offline paints from the cache and keeps what is unsent; online it goes out once', async () => {
  const people = await twoPeople()
  const before = people.huong.client.conversation(people.direct.id)
  before.open()
  fill(people, people.direct, 'dat', 3)
  await people.network.pass(1_000)
  people.huong.setOffline(true)
  before.send('Một')
  before.send('Hai')
  await people.network.pass(1_000)
  await people.huong.restart()
  await people.network.pass(1_000)
  const { client } = people.huong
  expect(client.session.state.get()).toMatchObject({ status: 'signed-in', me: { name: 'Nguyễn Thị Hường' } })
  const handle = client.conversation(people.direct.id)
  handle.open()
  expect(texts(handle.timeline.get())).toEqual(['tin 1', 'tin 2', 'tin 3', 'Một', 'Hai'])
  people.huong.setOffline(false)
  await people.network.pass(40_000)
  expect(texts(handle.timeline.get())).toEqual(['tin 1', 'tin 2', 'tin 3', 'Một', 'Hai'])
  expect(handle.timeline.get().items.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
})

test('[OFF-07] a revoked login keeps what is on screen; signing in again goes on', async () => {
  const people = await twoPeople()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  fill(people, people.direct, 'dat', 2)
  await people.network.settle()
  const { people: accounts } = people.network.server.store
  const account = must(accounts.get('huong'))
  accounts.delete('huong')
  people.network.server.revoke('huong')
  await people.network.pass(3_000)
  expect(people.huong.client.session.state.get()).toEqual({ status: 'signed-out', reason: 'revoked' })
  expect(people.huong.client.connection.get()).toEqual({ status: 'stopped', reason: 'signed-out' })
  expect(texts(handle.timeline.get())).toEqual(['tin 1', 'tin 2'])
  handle.send('Viết khi đã bị đăng xuất')
  accounts.set('huong', account)
  await people.huong.client.session.login({ login: 'huong', password: 'mật khẩu dài' })
  await people.network.pass(3_000)
  expect(texts(handle.timeline.get())).toEqual(['tin 1', 'tin 2', 'Viết khi đã bị đăng xuất'])
  expect(handle.timeline.get().items.at(-1)).toMatchObject({ state: 'sent' })
})

test('logging out leaves nothing of the account on the device', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 2)
  await people.network.pass(1_000)
  await people.huong.client.session.logout()
  expect(people.huong.client.conversations.get()).toBeUndefined()
  expect(people.huong.client.users.get('dat')).toBeUndefined()
  people.huong.setOffline(true)
  await people.huong.restart()
  expect(people.huong.client.session.state.get()).toEqual({ status: 'signed-out' })
  expect(people.huong.client.conversations.get()).toBeUndefined()
})

test('another person on the same device sees nothing of the first', async () => {
  const people = await twoPeople()
  people.network.server.store.addPerson('ly', 'Phạm Thị Lý')
  fill(people, people.direct, 'dat', 2)
  await people.network.settle()
  await people.huong.client.session.login({ login: 'ly', password: 'mật khẩu khác' })
  await people.network.pass(2_000)
  expect(people.huong.client.conversations.get()).toEqual([])
  expect(people.huong.client.conversation(people.direct.id).timeline.get().items).toEqual([])
})

test('a long absence catches up only on what was open lately; the rest goes on from its head', async () => {
  const people = await twoPeople()
  people.huong.client.conversation(people.direct.id).open()
  fill(people, people.direct, 'dat', 2)
  fill(people, people.group, 'dat', 2)
  await people.network.settle()
  people.huong.setOffline(true)
  people.network.clock.jump(10 * 60_000)
  fill(people, people.direct, 'dat', 3)
  fill(people, people.group, 'dat', 3)
  people.huong.setOffline(false)
  people.network.clock.advance(1_500)
  await new Promise(setImmediate)
  const cursors: Record<string, number>[] = []
  people.network.rewrite = (frame) => (frame.t === 'sync' && cursors.push(frame.cursors), frame)
  await people.network.pass(2_000)
  expect(Object.keys(must(cursors[0])).sort()).toEqual([people.direct.id, 'huong'].sort())
  const { client } = people.huong
  expect(client.conversations.get()?.map(({ unread }) => unread)).toEqual([5, 5])
})
