import { expect, test } from 'bun:test'
import { decodeCommits, encodeCommits } from './change-codec.ts'

test('commits come back as they were', () => {
  const commits = [
    { partition: 'p', change: {} },
    {
      partition: 'log/Cộng đồng/0',
      change: {
        expect: [
          { key: 'ế', rev: null },
          { key: '', rev: '' },
          { key: 'k', rev: '123' },
        ],
        put: [
          { key: 'a', value: '👩‍👩‍👧' },
          { key: 'b', value: '', ttl: 60 },
        ],
        delete: ['', 'x', 'đ'],
      },
    },
    { partition: '', change: { put: [{ key: 'c', value: 'v' }] } },
  ]
  const whole = commits.map(({ partition, change }) => ({
    partition,
    change: { expect: [], put: [], delete: [], ...change },
  }))
  expect([...decodeCommits(encodeCommits(commits))]).toEqual(whole)
})

test('a fraction of a second is rounded up, so that no row goes early', () => {
  const [decoded] = decodeCommits(
    encodeCommits([{ partition: 'p', change: { put: [{ key: 'a', value: '', ttl: 0.2 }] } }]),
  )
  expect(decoded?.change.put).toEqual([{ key: 'a', value: '', ttl: 1 }])
})
