import { expect, test } from 'bun:test'
import { systemClock } from '@tam/util'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import { createHarness, newCid } from './harness.ts'

test('[MB1] a person added hears joined in the own log, and the entries after it follow', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  const [phone, laptop] = await Promise.all([server.live('binh'), server.live('binh')])
  await server.conversations.addMembers('an', conv, ['binh'])
  for (const client of [phone, laptop]) {
    expect(await client.entry('binh', 1)).toMatchObject({
      type: 'joined',
      conv,
      kind: 'group',
      title: 'Nhóm bạn',
    })
  }
  const joined = await phone.entry('binh', 1)
  const seq = await server.say('an', conv, 'chào mừng')
  for (const client of [phone, laptop]) {
    expect(await client.entry(conv, seq)).toMatchObject({ text: 'chào mừng' })
    expect(client.seqs.get(conv)).toEqual([Number(joined['head']) + 1])
  }
})

test('[MB2] a person removed receives the removal as the last entry, on every connection', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh', 'chi')
  const [an, phone, laptop] = await Promise.all([server.live('an'), server.live('binh'), server.live('binh')])
  const writing = Promise.all(Array.from({ length: 50 }, (_, i) => server.say('an', conv, `trước ${i}`)))
  const removing = server.conversations.removeMember('an', conv, 'binh')
  await Promise.all([writing, removing])
  const last = await server.say('an', conv, 'Bình không thấy tin này')
  await an.entry(conv, last)
  const { frames } = an
  const removal = frames
    .flatMap((frame) => (frame.t === 'entry' && frame.conv === conv ? frame.entries : []))
    .find((entry) => entry.type === 'member' && entry.change === 'removed')
  for (const client of [phone, laptop]) {
    await client.entry('binh', 2)
    await client.settle()
    expect(client.seqs.get(conv)?.at(-1)).toBe(removal?.seq)
    expect(client.violations).toEqual([])
  }
})

test('[MB2] nothing follows the removal, also while the person’s own log has not been told', async () => {
  const telling = Promise.withResolvers<void>()
  const kv = new MemoryKv(systemClock)
  const commit = kv.commit.bind(kv)
  let isHeld = false
  kv.commit = async (partition, change) => {
    await (isHeld && partition.startsWith('log/binh/') ? telling.promise : undefined)
    return commit(partition, change)
  }
  await using server = await createHarness({ kv })
  const conv = await server.group('an', 'binh')
  const [an, binh] = await Promise.all([server.live('an'), server.live('binh')])
  isHeld = true
  const removing = server.conversations.removeMember('an', conv, 'binh')
  const removedAt = 3
  await an.entry(conv, removedAt)
  const last = await server.say('an', conv, 'Bình không thấy tin này')
  server.bus.publish(`conv/${conv}`, JSON.stringify({ t: 'typing', conv, user: 'an' }))
  await an.entry(conv, last)
  await binh.settle()
  expect(binh.seqs.get(conv)).toEqual([removedAt])
  expect(binh.frames.some(({ t }) => t === 'typing')).toBe(false)
  telling.resolve()
  await removing
  await binh.entry('binh', 2)
})

test('[MB2] W35 a person removed while a backlog streams receives nothing after it', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  await Promise.all(Array.from({ length: 900 }, (_, i) => server.say('an', conv, `tin ${i}`)))
  const client = await server.connect('binh')
  client.send({ t: 'sync', id: 1, cursors: { [conv]: 0 } })
  await server.conversations.removeMember('an', conv, 'binh')
  const removedAt = await server.log.head(conv)
  await server.say('an', conv, 'sau khi đuổi')
  await client.settle()
  expect(client.seqs.get(conv)?.at(-1) ?? 0).toBeLessThanOrEqual(removedAt)
})

test('a person who left and came back receives what follows the second joining', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const client = await server.live('binh')
  await server.conversations.removeMember('binh', conv, 'binh')
  await server.say('an', conv, 'lúc vắng mặt')
  await server.conversations.addMembers('an', conv, ['binh'])
  const joined = await client.entry('binh', 3)
  expect(joined).toMatchObject({ type: 'joined', conv })
  const seq = await server.say('an', conv, 'đã về')
  await client.entry(conv, seq)
  expect(client.seqs.get(conv)?.slice(-1)).toEqual([Number(joined['head']) + 1])
})

test('[MB4] a direct conversation appears to the other side with its first message', async () => {
  await using server = await createHarness()
  const [an, binh] = await Promise.all([server.live('an'), server.live('binh')])
  const { conversation } = await server.conversations.createDirect('an', 'binh')
  await an.entry('an', 1)
  await binh.settle()
  expect(binh.seqs.get('binh')).toBeUndefined()
  await an.ask({ t: 'send', conv: conversation.id, cid: newCid(), text: 'Chào Bình!' })
  expect(await binh.entry('binh', 1)).toMatchObject({ type: 'joined', conv: conversation.id, kind: 'direct' })
  expect(await binh.entry(conversation.id, 1)).toMatchObject({ text: 'Chào Bình!' })
  expect(await an.entry(conversation.id, 1)).toMatchObject({ text: 'Chào Bình!' })
})

test('W22 nobody receives anything of a conversation they are not in', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  const [an, stranger] = await Promise.all([server.live('an'), server.live('binh')])
  const { seq } = await an.ask({ t: 'send', conv, cid: newCid(), text: 'riêng tư' })
  await an.entry(conv, Number(seq))
  const frames = stranger.frames.length
  stranger.send({ t: 'typing', conv })
  stranger.send({ t: 'read', conv, seq: 1 })
  expect(await stranger.ask({ t: 'send', conv, cid: newCid(), text: 'xin vào' })).toMatchObject({
    code: 'not_found',
  })
  expect(await stranger.ask({ t: 'history', conv, after: 0 })).toMatchObject({ code: 'not_found' })
  expect(await stranger.ask({ t: 'history', conv: 'khong-co', after: 0 })).toMatchObject({
    code: 'not_found',
  })
  await stranger.settle()
  expect(stranger.frames.slice(frames).map(({ t }) => t)).toEqual(['err', 'err', 'err', 'pong'])
  await an.settle()
  expect(an.frames.some(({ t }) => t === 'typing' || t === 'read')).toBe(false)
})
