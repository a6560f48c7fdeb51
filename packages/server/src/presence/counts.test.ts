import { expect, test } from 'bun:test'
import type { OnlineCount } from '@tam/protocol'
import { FakeClock } from '@tam/testkit'
import { MemoryCache } from '../ports/cache/cache.memory.ts'
import { Counts } from './counts.ts'

function setUp() {
  const clock = new FakeClock()
  const cache = new MemoryCache({ clock })
  let calls = 0
  const counted = new Proxy(cache, {
    get(target, name: 'hold' | 'held') {
      calls++
      return target[name].bind(target)
    },
  })
  const server = (node: string, here: Map<string, number>) => {
    const wanted = new Set<string>()
    const told: OnlineCount[] = []
    const counts = new Counts({
      clock,
      cache: counted,
      node,
      wanted: () => wanted,
      onlineHere: (conv) => here.get(conv),
      onCounts: (some) => void told.push(...some),
    })
    counts.start()
    return { counts, wanted, told, here }
  }
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 100) {
      clock.advance(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { server, pass, calls: () => calls }
}

test('[PR10] W11 a conversation of 5,000 at two servers costs a few calls a round, whoever comes and goes', async () => {
  const { server, pass, calls } = setUp()
  const one = server(
    'chat-1',
    new Map([
      ['phòng-lớn', 3_000],
      ['khác', 7],
    ]),
  )
  const two = server('chat-2', new Map([['phòng-lớn', 2_000]]))
  one.wanted.add('phòng-lớn')
  one.counts.soon()
  await pass(11_000)
  expect(one.told.at(-1)).toMatchObject({ id: 'phòng-lớn', online: 5_000 })
  const before = calls()
  for (let i = 0; i < 50; i++) {
    two.here.set('phòng-lớn', 2_000 + i)
    await pass(1_000)
  }
  expect(one.told.at(-1)?.online).toBeWithin(5_040, 5_050)
  expect(calls() - before).toBeLessThanOrEqual(60)
  expect(two.told).toEqual([])
  two.here.delete('phòng-lớn')
  await pass(16_000)
  expect(one.told.at(-1)?.online).toBe(3_000)
})
