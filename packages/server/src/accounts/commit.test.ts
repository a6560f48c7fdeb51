import { expect, test } from 'bun:test'
import { systemRandom } from '@tam/util'
import { TestClock } from '../conversations/tests/test-clock.ts'
import { FaultyKv } from '../ports/kv/kv.faulty.ts'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import type { Change, Kv } from '../ports/kv/kv.ts'
import { commitUnlessChanged } from './commit.ts'

const CHANGE: Change = { expect: [{ key: 'a', rev: null }], put: [{ key: 'a', value: 'mine' }] }

/** A store whose first commit has the one fault. */
async function withFault(fault: 'conflict' | 'unknownApplied' | 'unknownLost') {
  const clock = new TestClock()
  const memory = new MemoryKv(clock)
  const faulty = new FaultyKv({ kv: memory, clock, random: systemRandom, faults: { [fault]: 1 } })
  const commit: Kv['commit'] = async (partition, change) => {
    try {
      return await faulty.commit(partition, change)
    } finally {
      faulty.faults[fault] = 0
    }
  }
  const kv: Kv = {
    commit,
    get: (partition, key) => memory.get(partition, key),
    getMany: (refs) => memory.getMany(refs),
    scan: (partition, range) => memory.scan(partition, range),
    close: () => memory.close(),
  }
  return { kv, clock, random: systemRandom, memory }
}

for (const fault of ['conflict', 'unknownApplied', 'unknownLost'] as const) {
  test(`after ${fault} the change is in place and known to be`, async () => {
    const deps = await withFault(fault)
    expect(await commitUnlessChanged(deps, 'p', CHANGE)).toBe(true)
    expect(await deps.memory.get('p', 'a')).toMatchObject({ value: 'mine' })
  })

  test(`after ${fault} somebody else's write is seen`, async () => {
    const deps = await withFault(fault)
    await deps.memory.commit('p', { put: [{ key: 'a', value: 'theirs' }] })
    expect(await commitUnlessChanged(deps, 'p', CHANGE)).toBe(false)
    expect(await deps.memory.get('p', 'a')).toMatchObject({ value: 'theirs' })
  })
}
