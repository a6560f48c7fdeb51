import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import pino from 'pino'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import { UnknownOutcome } from '../ports/kv/kv.ts'
import { GONE_MS, RENEW_MS, ROW_SECONDS } from './limits.ts'
import { Registration } from './registration.ts'
import { listServers } from './server-list.ts'

async function setUp() {
  const clock = new FakeClock()
  const kv = new MemoryKv(clock)
  const registration = new Registration({ clock, logger: pino({ level: 'silent' }), kv, node: 'n1' })
  const rev = async () => (await listServers(kv)).get('n1')?.rev
  /** Revs of the row that were there while `ms` passed. */
  const revsIn = async (ms: number) => {
    const revs = new Set([await rev()])
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(100)
      await new Promise<void>((resolve) => setImmediate(resolve))
      revs.add(await rev())
    }
    return [...revs]
  }
  await registration.join()
  return { clock, kv, registration, rev, revsIn }
}

test('a server is in the list from before it starts until it leaves, and says so, and its row changes while it lives', async () => {
  const { kv, registration, revsIn } = await setUp()
  expect(await revsIn(1_000)).toEqual([expect.any(String)])
  registration.start()
  const revs = await revsIn(10 * RENEW_MS)
  expect(revs).not.toContain(undefined)
  expect(revs.length).toBeGreaterThanOrEqual(10)
  registration.stop()
  await registration.leave()
  expect((await listServers(kv)).get('n1')?.hasLeft).toBe(true)
  expect(await revsIn(2 * RENEW_MS)).toHaveLength(1)
})

test('a start that took long renews the row at once', async () => {
  const { clock, registration, rev } = await setUp()
  const before = await rev()
  clock.advance(GONE_MS)
  registration.start()
  await new Promise<void>((resolve) => setImmediate(resolve))
  expect(await rev()).not.toBe(before)
})

test('a row that could not be renewed is renewed as soon as the store answers', async () => {
  const { kv, registration, revsIn } = await setUp()
  registration.start()
  const commit = kv.commit.bind(kv)
  kv.commit = async () => {
    throw new UnknownOutcome('lost')
  }
  expect(await revsIn(2 * RENEW_MS)).toHaveLength(1)
  kv.commit = commit
  expect(await revsIn(1_000)).toHaveLength(2)
})

test('the row of a server that was killed vanishes at last', async () => {
  const { clock, registration, rev } = await setUp()
  registration.start()
  registration.stop()
  clock.advance(ROW_SECONDS * 1_000)
  expect(await rev()).toBeUndefined()
})
