import { expect, test } from 'bun:test'
import { TestNetwork } from './test-network.ts'

const texts = (items: readonly { type: string }[]) =>
  items.map((item) => (item.type === 'message' ? (item as { text?: string }).text : item.type))

test('two people write to each other', async () => {
  const network = new TestNetwork()
  network.server.store.addPerson('huong', 'Nguyễn Thị Hường')
  network.server.store.addPerson('dat', 'Trần Văn Đạt')
  const { id } = network.server.addConversation(['huong', 'dat'], null)
  const huong = network.device('huong')
  const dat = network.device('dat')
  await huong.start()
  await dat.start()
  expect(huong.client.connection.get().status).toBe('connected')
  expect(dat.client.conversations.get()?.map((c) => c.id)).toEqual([id])

  const close = dat.client.conversation(id).open()
  const sent = huong.client.conversation(id).send('Chào anh Đạt, mai họp lúc 9 giờ nhé?')
  expect(huong.client.conversation(id).timeline.get().items).toMatchObject([
    { state: 'waiting', cid: sent.cid },
  ])
  await network.settle()
  expect(await sent.stored).toBe(1)
  expect(huong.client.conversation(id).timeline.get().items).toMatchObject([
    { state: 'sent', seq: 1, cid: sent.cid },
  ])
  expect(texts(dat.client.conversation(id).timeline.get().items)).toEqual([
    'Chào anh Đạt, mai họp lúc 9 giờ nhé?',
  ])
  expect(dat.client.conversations.get()?.[0]?.unread).toBe(1)
  expect(dat.messages).toEqual(['Chào anh Đạt, mai họp lúc 9 giờ nhé?'])
  dat.client.conversation(id).markRead(1)
  expect(dat.client.conversation(id).summary.get()?.unread).toBe(0)
  await network.pass(500)
  expect(huong.client.conversation(id).receipts.get().get('dat')).toBe(1)
  close()
  expect(network.server.violations).toEqual([])
})
