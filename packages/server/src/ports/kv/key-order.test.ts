import { expect, test } from 'bun:test'
import { seededRandom } from '@tam/util'
import { compareKeys, lowerBound } from './key-order.ts'

test('the order is that of the UTF-8 bytes', () => {
  const random = seededRandom(7)
  const points = [0x20, 0x41, 0x7f, 0x80, 0x1ea1, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f600, 0x10ffff]
  const word = () =>
    Array.from({ length: Math.floor(random.float() * 4) }, () =>
      String.fromCodePoint(points[Math.floor(random.float() * points.length)]!),
    ).join('')
  for (let round = 0; round < 5_000; round++) {
    const [a, b] = [word(), word()]
    expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
  }
})

test('lowerBound finds the first key that is not smaller', () => {
  const keys = ['b', 'd', 'f']
  expect(['a', 'b', 'c', 'f', 'g'].map((key) => lowerBound(keys, key))).toEqual([0, 0, 1, 2, 3])
})
