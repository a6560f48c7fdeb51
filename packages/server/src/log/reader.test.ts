import { describe, expect, test } from 'bun:test'
import { LogHole } from './reader.ts'
import { entry, request, testStore } from './tests/store.ts'

async function filled(length: number) {
  const store = testStore()
  const cids = Array.from({ length }, (_, index) => `c${index + 1}`)
  await Promise.all(cids.map((cid) => store.log.append('a', request(cid))))
  return { ...store, entries: cids.map((cid, index) => entry(index + 1, cid)) }
}

describe('read', () => {
  test('any range is what was appended, cut at the head', async () => {
    const { log, entries } = await filled(11)
    for (let from = 1; from <= 13; from++) {
      for (let to = from - 1; to <= 14; to++) {
        expect(await log.read('a', from, to)).toEqual(entries.slice(from - 1, to))
      }
    }
    expect(await log.read('empty', 1, 10)).toEqual([])
  })

  test('a hole is read again, as a weak scan may have missed it', async () => {
    const { log, kv, entries } = await filled(6)
    const { scan } = kv
    kv.scan = async (partition, range) =>
      (await scan.call(kv, partition, range)).filter((_, index) => index % 2 === 1)
    expect(await log.read('a', 1, 6)).toEqual(entries)
  })

  test('a hole that stays is an alarm, never the end of history', async () => {
    const { log, kv } = await filled(6)
    await kv.commit('log/a/0', { delete: ['m/0000000002'] })
    const error = await log.read('a', 1, 6).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(LogHole)
    expect(String(error)).toContain('log a has no entry 2')
  })

  test('a range past the limit is a bug', async () => {
    const { log } = testStore()
    expect(await log.read('a', 1, 10_001).catch((error: Error) => error.name)).toBe('AssertionError')
    expect(await log.read('a', 0, 1).catch((error: Error) => error.name)).toBe('AssertionError')
  })
})
