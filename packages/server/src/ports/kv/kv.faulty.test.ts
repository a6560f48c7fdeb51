import { describe, expect, test } from 'bun:test'
import { type Clock, seededRandom, systemClock } from '@tam/util'
import { kvContract } from './kv.contract.ts'
import { FaultyKv, type KvFaults } from './kv.faulty.ts'
import { MemoryKv } from './kv.memory.ts'
import { UnknownOutcome } from './kv.ts'

const random = seededRandom(1)
kvContract(
  'faulty, without faults',
  async (clock) => new FaultyKv({ kv: new MemoryKv(clock), clock, random }),
)

const ROW = { expect: [{ key: 'a', rev: null }], put: [{ key: 'a', value: '1' }] }

function always(fault: keyof KvFaults, clock: Pick<Clock, 'after'> = systemClock): FaultyKv {
  return new FaultyKv({ kv: new MemoryKv(systemClock), clock, random, faults: { [fault]: 1 } })
}

describe('faulty kv', () => {
  test('a conflict names the expected keys and stores nothing', async () => {
    const kv = always('conflict')
    expect(await kv.commit('p', ROW)).toEqual({ committed: false, conflicts: ['a'] })
    expect(await kv.get('p', 'a')).toBeUndefined()
  })

  test('unknown, applied', async () => {
    const kv = always('unknownApplied')
    await expect(kv.commit('p', ROW)).rejects.toBeInstanceOf(UnknownOutcome)
    expect((await kv.get('p', 'a'))?.value).toBe('1')
  })

  test('unknown, lost', async () => {
    const kv = always('unknownLost')
    await expect(kv.commit('p', ROW)).rejects.toBeInstanceOf(UnknownOutcome)
    await kv.applyDelayed()
    expect(await kv.get('p', 'a')).toBeUndefined()
  })

  test('a delayed commit applies when its time comes, once', async () => {
    const timers: (() => void)[] = []
    const kv = always('delayed', { after: (_ms, fn) => (timers.push(fn), () => undefined) })
    await expect(kv.commit('p', ROW)).rejects.toBeInstanceOf(UnknownOutcome)
    expect(await kv.get('p', 'a')).toBeUndefined()
    timers[0]!()
    expect((await kv.get('p', 'a'))?.value).toBe('1')
    const { rev } = (await kv.get('p', 'a'))!
    await kv.applyDelayed()
    expect((await kv.get('p', 'a'))?.rev).toBe(rev)
  })

  test('a delayed commit finds the rows of its own time', async () => {
    const kv = always('delayed')
    await expect(kv.commit('p', ROW)).rejects.toBeInstanceOf(UnknownOutcome)
    kv.faults.delayed = 0
    await kv.commit('p', { put: [{ key: 'a', value: '2' }] })
    await kv.applyDelayed()
    expect((await kv.get('p', 'a'))?.value).toBe('2')
  })

  test('faults happen about as often as asked', async () => {
    const kv = new FaultyKv({
      kv: new MemoryKv(systemClock),
      clock: systemClock,
      random,
      faults: { unknownLost: 0.3 },
    })
    let unknown = 0
    for (let index = 0; index < 1_000; index++) {
      await kv.commit('p', ROW).catch(() => unknown++)
    }
    expect(unknown).toBeWithin(250, 350)
  })
})
