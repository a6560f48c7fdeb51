import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import pino from 'pino'
import { MemoryBus } from '../ports/bus/bus.memory.ts'
import { topics } from '../ports/bus/bus.ts'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import { UnknownOutcome } from '../ports/kv/kv.ts'
import { createHeads } from './heads.ts'
import { DIGEST_HEADS_MAX, DIGEST_MS, DOUBT_MS } from './limits.ts'
import { listServers } from './server-list.ts'

async function setUp() {
  const clock = new FakeClock()
  const kv = new MemoryKv(clock)
  const bus = new MemoryBus(() => {})
  const told: string[] = []
  await bus.subscribe(topics.heads, (_, message) => void told.push(message))
  const heads = createHeads({ clock, logger: pino({ level: 'silent' }), bus, kv, node: 'n1' })
  await heads.registration.join()
  await heads.service.start?.(new AbortController().signal)
  const hasLeft = async () => (await listServers(kv)).get('n1')?.hasLeft
  const logs = heads.doubts.watch({
    ...new MemoryKv(clock),
    commit: () => Promise.reject(new UnknownOutcome('lost')),
  } as unknown as MemoryKv)
  const failsToCommit = () => logs.commit('log/nhom-1/0', {}).catch(() => {})
  return { clock, heads, told, hasLeft, failsToCommit }
}

test('tells every second how far logs are, each once, and at the end that nothing follows', async () => {
  const { clock, heads, told, hasLeft } = await setUp()
  heads.teller.committed('nhom-1', 3)
  heads.teller.committed('nhom-1', 4)
  heads.teller.committed('an', 1)
  clock.advance(2 * DIGEST_MS)
  heads.teller.committed('an', 2)
  expect(await hasLeft()).toBe(false)
  await heads.service.stop?.()
  clock.advance(2 * DIGEST_MS)
  expect(told).toEqual(['n1 1 d', 'n1 2 d\nnhom-1 4\nan 1', 'n1 3 d', 'n1 4 e\nan 2'])
  expect(await hasLeft()).toBe(true)
})

test('many heads do not wait for the second to pass', async () => {
  const { heads, told } = await setUp()
  for (let i = 1; i <= DIGEST_HEADS_MAX + 1; i++) {
    heads.teller.committed(`nhom-${i}`, i)
  }
  expect(told.map((digest) => digest.split('\n').length)).toEqual([1, DIGEST_HEADS_MAX + 1])
})

test('who ends while a log is in doubt does not say that nothing follows, and counts as killed', async () => {
  const { clock, heads, told, hasLeft, failsToCommit } = await setUp()
  await failsToCommit()
  clock.advance(DIGEST_MS)
  await heads.service.stop?.()
  clock.advance(DOUBT_MS)
  expect(told).toEqual(['n1 1 d', 'n1 2 d\nnhom-1 0'])
  expect(await hasLeft()).toBe(false)
})

test('a doubt that is over keeps no server from leaving', async () => {
  const { clock, heads, hasLeft, failsToCommit } = await setUp()
  await failsToCommit()
  clock.advance(DOUBT_MS + 1)
  await heads.service.stop?.()
  expect(await hasLeft()).toBe(true)
})
