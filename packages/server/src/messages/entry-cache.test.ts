import { expect, test } from 'bun:test'
import { EntryCache } from './entry-cache.ts'

/** A log of any length that counts what is read of it. */
class CountingLog {
  head: number
  reads = 0
  entries = 0

  constructor(head: number) {
    this.head = head
  }

  async read(_: string, from: number, to: number): Promise<string[]> {
    this.reads++
    await Promise.resolve()
    const last = Math.min(to, this.head)
    const found = Array.from(
      { length: Math.max(0, last - from + 1) },
      (_, index) => `{"seq":${from + index}}`,
    )
    this.entries += found.length
    return found
  }
}

const seqs = (entries: readonly string[]) =>
  entries.map((entry) => (JSON.parse(entry) as { seq: number }).seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

test('any range comes back dense and ascending', async () => {
  const cache = new EntryCache(new CountingLog(1_000))
  for (const [from, to] of [
    [1, 1],
    [1, 64],
    [64, 65],
    [60, 300],
    [951, 1_000],
    [1_000, 1_000],
  ] as const) {
    expect(seqs(await cache.read('log', from, to))).toEqual(range(from, to))
  }
})

test('five hundred readers of one page cost one read of each block', async () => {
  const log = new CountingLog(1_000)
  const cache = new EntryCache(log)
  await Promise.all(Array.from({ length: 500 }, () => cache.read('log', 930, 979)))
  expect(log.reads).toBe(2)
})

test('the newest block grows by what was missing only', async () => {
  const log = new CountingLog(70)
  const cache = new EntryCache(log)
  await cache.read('log', 65, 70)
  log.head = 90
  expect(seqs(await cache.read('log', 66, 90))).toEqual(range(66, 90))
  expect(log.entries).toBe(26)
})

test('readers of different heads at once all get what they ask for', async () => {
  const log = new CountingLog(10)
  const cache = new EntryCache(log)
  const early = cache.read('log', 1, 10)
  log.head = 20
  expect(seqs(await cache.read('log', 1, 20))).toEqual(range(1, 20))
  expect(seqs(await early)).toEqual(range(1, 10))
})

test('memory is bounded by bytes; what was used longest ago goes', async () => {
  const log = new CountingLog(6_400)
  const cache = new EntryCache(log, 4_500)
  await cache.read('log', 1, 64)
  await cache.read('log', 65, 128)
  for (let round = 0; round < 3; round++) {
    await cache.read('log', 1, 64)
    await cache.read('log', 129 + round * 64, 192 + round * 64)
  }
  log.reads = 0
  await cache.read('log', 1, 64)
  expect(log.reads).toBe(0)
  await cache.read('log', 65, 128)
  expect(log.reads).toBe(1)
})

test('a failed read is tried again by the next reader', async () => {
  const log = new CountingLog(10)
  let broken = true
  const cache = new EntryCache({
    read: async (name, from, to) => {
      if (broken) {
        throw new Error('down')
      }
      return log.read(name, from, to)
    },
  })
  await expect(cache.read('log', 1, 5)).rejects.toThrow('down')
  broken = false
  await Promise.resolve()
  expect(seqs(await cache.read('log', 1, 5))).toEqual(range(1, 5))
})
