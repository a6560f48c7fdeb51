import { expect, test } from 'bun:test'
import { HelloFrame, SyncOk } from '@tam/protocol'
import { createHarness, EPOCH, newCid } from './harness.ts'

test('[CN5] a valid auth is answered by hello', async () => {
  await using server = await createHarness()
  const client = await server.connect('an')
  const hello = HelloFrame.parse(await client.frame('hello'))
  expect(hello.user).toMatchObject({ id: 'an', name: 'Nguyễn an' })
  expect(hello.epoch).toBe(EPOCH)
})

test('[SN1] two people talk: acknowledged, delivered to both, in order', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const [an, binh] = await Promise.all([server.live('an'), server.live('binh')])
  const cid = newCid()
  const head = await server.log.head(conv)
  expect(await an.ask({ t: 'send', conv, cid, text: 'Chào Bình, khoẻ không?' })).toMatchObject({
    t: 'ok',
    cid,
    seq: head + 1,
  })
  for (const client of [an, binh]) {
    expect(await client.entry(conv, head + 1)).toMatchObject({
      type: 'message',
      from: 'an',
      cid,
      text: 'Chào Bình, khoẻ không?',
    })
  }
  await binh.ask({ t: 'send', conv, cid: newCid(), text: 'Khoẻ!' })
  expect(await an.entry(conv, head + 2)).toMatchObject({ from: 'binh', text: 'Khoẻ!' })
  expect([...an.violations, ...binh.violations]).toEqual([])
})

test("[SN10] the sender's other devices receive the entry", async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  const [phone, laptop] = await Promise.all([server.live('an'), server.live('an')])
  const { seq } = await phone.ask({ t: 'send', conv, cid: newCid(), text: 'từ điện thoại' })
  expect(await laptop.entry(conv, Number(seq))).toMatchObject({ text: 'từ điện thoại' })
  expect(await phone.entry(conv, Number(seq))).toMatchObject({ text: 'từ điện thoại' })
})

test('[RS3] sync answers with all conversations', async () => {
  await using server = await createHarness()
  const [first, second] = [await server.group('an', 'binh'), await server.group('binh', 'an')]
  await server.say('binh', second, 'một')
  const client = await server.connect('an')
  const ok = SyncOk.parse(await client.sync())
  const byId = new Map(ok.conversations.map((conversation) => [conversation.id, conversation]))
  expect([...byId.keys()].sort()).toEqual([first, second].sort())
  expect(byId.get(second)).toMatchObject({ head: 3, unread: 1, lastMessage: { text: 'một' } })
  expect(ok.user.head).toBe(await server.log.head('an'))
})
