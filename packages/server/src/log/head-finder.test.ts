import { describe, expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import { HeadFinder } from './head-finder.ts'
import { bucketOf, bucketPartition, entryKey } from './keys.ts'

const BUCKET_SIZE = 3

function storeOf(length: number): MemoryKv {
  const kv = new MemoryKv(new FakeClock())
  extend(kv, 1, length)
  return kv
}

function extend(kv: MemoryKv, from: number, to: number): void {
  for (let seq = from; seq <= to; seq++) {
    kv.apply(bucketPartition('a', bucketOf(seq, BUCKET_SIZE)), { put: [{ key: entryKey(seq), value: '' }] })
  }
}

function countReads(kv: MemoryKv): () => number {
  let reads = 0
  for (const method of ['get', 'scan'] as const) {
    const original = kv[method].bind(kv) as (...args: unknown[]) => never
    kv[method] = (...args: unknown[]) => {
      reads++
      return original(...args)
    }
  }
  return () => reads
}

describe('head', () => {
  test('is found without a hint for a log of any length', async () => {
    for (let length = 0; length <= 100; length++) {
      expect(await new HeadFinder(storeOf(length), BUCKET_SIZE).find('a')).toBe(length)
    }
  })

  test('is found with any old hint', async () => {
    for (let hint = 1; hint <= 40; hint++) {
      const heads = new HeadFinder(storeOf(40), BUCKET_SIZE)
      heads.raise('a', hint)
      expect(await heads.find('a')).toBe(40)
      expect(heads.hint('a')).toBe(40)
    }
  })

  test('costs two reads for a short log, one when the hint is right, and few for a long log', async () => {
    const short = storeOf(2)
    const shortReads = countReads(short)
    const heads = new HeadFinder(short, BUCKET_SIZE)
    await heads.find('a')
    expect(shortReads()).toBe(2)
    await heads.find('a')
    expect(shortReads()).toBe(3)
    const long = storeOf(3_000)
    const longReads = countReads(long)
    await new HeadFinder(long, BUCKET_SIZE).find('a')
    expect(longReads()).toBeLessThan(30)
  })

  test('a hint never goes down', () => {
    const heads = new HeadFinder(storeOf(9), BUCKET_SIZE)
    heads.raise('a', 9)
    heads.raise('a', 4)
    expect(heads.hint('a')).toBe(9)
  })
})
