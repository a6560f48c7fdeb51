import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { GONE_MS, SERVERS_MAX, SILENT_MS } from '../../heads/limits.ts'
import { MemoryBus } from '../../ports/bus/bus.memory.ts'
import { topics } from '../../ports/bus/bus.ts'
import { ToldHeads } from './told-heads.ts'

const ALIVE = { rev: '1', hasLeft: false }
const LEFT = { rev: '2', hasLeft: true }

/** Listens as `own`, which is in the list and is heard. */
async function setUp() {
  const clock = new FakeClock()
  const bus = new MemoryBus(() => {})
  const servers = new Map([['own', ALIVE]])
  const told: string[] = []
  const heads = new ToldHeads({
    clock,
    bus,
    node: 'own',
    servers: async () => new Map(servers),
    onHead: (log, seq) => void told.push(`${log} ${seq}`),
    onDoubt: (log) => void told.push(`${log}?`),
    onGap: () => void told.push('gap'),
  })
  await heads.start()
  const say = (digest: string) => bus.publish(topics.heads, digest)
  let number = 0
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 500) {
      say(`own ${++number} d`)
      clock.advance(500)
    }
  }
  pass(500)
  const toldNow = () => told.splice(0)
  return { heads, servers, say, pass, toldNow }
}

test('what is told is handed on, and a number that is missing is a gap', async () => {
  const { say, toldNow } = await setUp()
  say('n1 1 d\nnhom-1 4\nan 0')
  say('n1 2 d')
  say('n1 2 d')
  expect(toldNow()).toEqual(['nhom-1 4', 'an?'])
  say('n1 4 d\nnhom-1 6')
  say('n1 3 d')
  say('n2 7 d')
  expect(toldNow()).toEqual(['nhom-1 6', 'gap', 'gap'])
})

test('all are heard when every server of the list is, this one among them', async () => {
  const { heads, servers, say } = await setUp()
  expect(await heads.hearsAll()).toBe(true)
  servers.set('n1', ALIVE)
  expect(await heads.hearsAll()).toBe(false)
  say('n1 1 d')
  expect(await heads.hearsAll()).toBe(true)
  servers.delete('own')
  expect(await heads.hearsAll()).toBe(false)
})

test('a list that is full may not be whole', async () => {
  const { heads, servers } = await setUp()
  for (let i = 0; i < SERVERS_MAX; i++) {
    servers.set(`n${i}`, LEFT)
  }
  expect(await heads.hearsAll()).toBe(false)
})

test('who falls silent is a gap once, is missed while its row changes, and is a gap once more when it is gone', async () => {
  const { heads, servers, say, pass, toldNow } = await setUp()
  servers.set('n1', ALIVE)
  say('n1 1 d')
  expect(await heads.hearsAll()).toBe(true)
  pass(SILENT_MS + 1_000)
  expect(toldNow()).toEqual(['gap'])
  for (let i = 0; i < 5; i++) {
    servers.set('n1', { rev: `renewed ${i}`, hasLeft: false })
    expect(await heads.hearsAll()).toBe(false)
    pass(GONE_MS)
  }
  expect(await heads.hearsAll()).toBe(false)
  pass(500)
  expect(toldNow()).toEqual([])
  expect(await heads.hearsAll()).toBe(true)
  expect(await heads.hearsAll()).toBe(true)
  expect(toldNow()).toEqual(['gap'])
})

test('who says that it ends is no gap, whether its row tells it yet or not', async () => {
  const { heads, servers, say, pass, toldNow } = await setUp()
  servers.set('n1', ALIVE)
  say('n1 1 d')
  say('n1 2 e\nnhom-1 3')
  pass(2 * SILENT_MS)
  expect(await heads.hearsAll()).toBe(true)
  servers.set('n1', LEFT)
  expect(await heads.hearsAll()).toBe(true)
  pass(2 * GONE_MS)
  expect(await heads.hearsAll()).toBe(true)
  expect(toldNow()).toEqual(['nhom-1 3'])
})

test('who came and left unheard is a gap, also when it was taken for gone before', async () => {
  const { heads, servers, pass, toldNow } = await setUp()
  servers.set('n1', LEFT)
  expect(await heads.hearsAll()).toBe(true)
  expect(await heads.hearsAll()).toBe(true)
  expect(toldNow()).toEqual(['gap'])
  servers.set('n2', ALIVE)
  await heads.hearsAll()
  pass(GONE_MS + 500)
  expect(await heads.hearsAll()).toBe(true)
  servers.set('n2', LEFT)
  expect(await heads.hearsAll()).toBe(true)
  expect(toldNow()).toEqual(['gap', 'gap'])
})
