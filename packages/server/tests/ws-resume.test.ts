import { expect, test } from 'bun:test'
import { systemClock } from '@tam/util'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import { MemoryBus } from '../src/ports/bus/bus.memory.ts'
import type { KeyedRow, ScanRange } from '../src/ports/kv/kv.ts'
import { createHarness, type Harness, ORIGIN } from './harness.ts'
import { createDomain } from './domain.ts'
import type { TestClient } from './test-client.ts'

/** Counts scans of people's own partitions. */
class CountingKv extends MemoryKv {
  readonly scans: string[] = []

  override scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    if (partition.startsWith('user/')) {
      this.scans.push(`${partition} ${range.from}`)
    }
    return super.scan(partition, range)
  }
}

async function prepare(options: Parameters<typeof createHarness>[0] = {}) {
  const kv = new CountingKv(systemClock)
  const server = await createHarness({ kv, presence: false, ...options })
  const convs = [await server.group('an', 'binh'), await server.group('an', 'binh')] as const
  for (const conv of convs) {
    await server.say('an', conv, 'Chào cả nhà')
    await server.say('an', conv, 'Mai họp nhé')
  }
  kv.scans.length = 0
  return { kv, server, conv: convs[0] }
}

async function readAfterSync(client: TestClient, conv: string): Promise<unknown> {
  const { conversations } = (await client.sync({})) as unknown as {
    conversations: { id: string; read: number; unread: number }[]
  }
  const { read, unread } = conversations.find(({ id }) => id === conv) ?? {}
  return { read, unread }
}

/** A server beside, which shares the store and nothing else. */
function elsewhere({ kv }: Harness) {
  const bus = new MemoryBus(() => {})
  return createDomain({ clock: systemClock, kv, bus, feed: () => {}, publicUrl: ORIGIN })
}

test('[RS2] a resume scans the partition of its person once, for memberships and read positions', async () => {
  const { kv, server, conv } = await prepare()
  await using _ = server
  await server.reads.mark('binh', conv, 3)
  const client = await server.connect('binh')
  expect(await readAfterSync(client, conv)).toEqual({ read: 3, unread: 1 })
  expect(kv.scans).toEqual(['user/binh conv/'])
})

test('[RS2] a position that moves between hello and sync is answered: another device moved it', async () => {
  const { server, conv } = await prepare()
  await using _ = server
  const client = await server.connect('binh')
  await server.reads.mark('binh', conv, 4)
  expect(await readAfterSync(client, conv)).toEqual({ read: 4, unread: 0 })
})

test('[RS2] a position that moved unheard, while the bus was cut off, is answered', async () => {
  const bus = new MemoryBus(() => {})
  Object.defineProperty(bus, 'isConnected', { value: false })
  const { server, conv } = await prepare({ bus })
  await using _ = server
  const client = await server.connect('binh')
  await elsewhere(server).reads.mark('binh', conv, 4)
  expect(await readAfterSync(client, conv)).toEqual({ read: 4, unread: 0 })
})

test('[RS2] a position that moved unheard before the bus told of a discontinuity is answered', async () => {
  const bus = new MemoryBus(() => {})
  const listeners: (() => void)[] = []
  bus.onDiscontinuity = (listener?: () => void) => {
    listeners.push(listener as () => void)
    return () => {}
  }
  const { server, conv } = await prepare({ bus })
  await using _ = server
  const client = await server.connect('binh')
  await elsewhere(server).reads.mark('binh', conv, 4)
  listeners.forEach((listener) => listener())
  expect(await readAfterSync(client, conv)).toEqual({ read: 4, unread: 0 })
})
