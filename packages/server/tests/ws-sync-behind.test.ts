import { expect, test } from 'bun:test'
import { systemClock } from '@tam/util'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import { createHarness } from './harness.ts'

// With others to look at the joining is entered meanwhile, without them afterwards.
test.each([0, 20])(
  '[RS6] a conversation that a server hears of by the sync itself takes the cursor from another server, beside %i',
  async (count) => {
    const kv = new MemoryKv(systemClock)
    // Two servers over one store; the bus between them carries nothing.
    await using near = await createHarness({ kv, isLossy: true })
    await using far = await createHarness({ kv, isLossy: true })
    const conv = await near.group('an', 'binh')
    const others = await Promise.all(Array.from({ length: count }, () => near.group('chi', 'an')))
    await far.live('an')
    await far.live('chi')
    await near.conversations.addMembers('an', conv, ['chi'])
    await near.say('an', conv, 'Chào Chi')
    const head = await near.say('binh', conv, 'Mừng chị đến')
    const heads = await Promise.all(others.map(async (id) => [id, await near.say('an', id, 'Chào')]))
    const cursors = { chi: await near.log.head('chi'), [conv]: head, ...Object.fromEntries(heads) }
    const client = await far.connect('chi')
    const { conversations } = await client.sync(cursors)
    expect(conversations).toContainEqual(expect.objectContaining({ id: conv, head }))
    await client.settle()
    expect(client.frames.filter(({ t }) => t === 'resync')).toEqual([])
  },
)

test('[RC1] what a server read for a device that went before its sync is not told to the next one', async () => {
  const kv = new MemoryKv(systemClock)
  await using near = await createHarness({ kv, isLossy: true })
  await using far = await createHarness({ kv, isLossy: true })
  const conv = await near.group('an', 'binh')
  const seq = await near.say('binh', conv, 'Đọc đi')
  const gone = await far.connect('an')
  gone.close()
  await gone.closed
  expect(await near.reads.mark('an', conv, seq)).toMatchObject({ moved: true })
  const client = await far.connect('an')
  expect(await client.sync()).toMatchObject({ conversations: [{ id: conv, read: seq }] })
})
