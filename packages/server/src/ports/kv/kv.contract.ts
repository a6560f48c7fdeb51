import { describe, expect, test } from 'bun:test'
import { type Clock, systemClock } from '@tam/util'
import { type Kv, prefixEnd } from './kv.ts'

/** What every engine does. `open` gives an empty store that reads the wall time from `clock`. */
export function kvContract(engine: string, open: (clock: Clock) => Promise<Kv>): void {
  /** Runs `body` over a store of its own. */
  async function withKv(body: (kv: Kv, pass: (ms: number) => void) => Promise<void>): Promise<void> {
    let offsetMs = 0
    const kv = await open({ ...systemClock, now: () => 1_800_000_000_000 + offsetMs })
    try {
      await body(kv, (ms) => {
        offsetMs += ms
      })
    } finally {
      await kv.close()
    }
  }
  const fact = (name: string, body: Parameters<typeof withKv>[0]) => test(name, () => withKv(body))

  describe(`kv contract: ${engine}`, () => {
    fact('an absent row is undefined', async (kv) => {
      expect(await kv.get('p', 'k')).toBeUndefined()
      expect(await kv.scan('p', { from: '', to: prefixEnd(''), limit: 10 })).toEqual([])
    })

    fact('a committed row is read at once, with the rev of its commit', async (kv) => {
      const rev = await commit(kv, 'p', { k: 'một' })
      expect(await kv.get('p', 'k')).toEqual({ value: 'một', rev })
      expect(await kv.scan('p', { from: 'k', to: 'l', limit: 1 })).toEqual([{ key: 'k', value: 'một', rev }])
    })

    fact('partitions do not see each other', async (kv) => {
      await commit(kv, 'p', { k: '1' })
      await commit(kv, 'q', { k: '2' })
      expect((await kv.get('p', 'k'))?.value).toBe('1')
      expect(await kv.get('r', 'k')).toBeUndefined()
      expect(await kv.scan('p', { from: '', to: prefixEnd(''), limit: 10 })).toHaveLength(1)
    })

    fact(
      'all rows of one commit share a rev, and no two commits do, not even over a deletion',
      async (kv) => {
        const first = await commit(kv, 'p', { a: '1', b: '1' })
        expect((await kv.get('p', 'a'))?.rev).toBe(first)
        expect((await kv.get('p', 'b'))?.rev).toBe(first)
        await kv.commit('p', { delete: ['a'] })
        const revs = [first]
        for (const value of ['1', '1', '2']) {
          revs.push(await commit(kv, 'p', { a: value }))
        }
        expect(new Set(revs).size).toBe(4)
      },
    )

    fact('getMany answers in the order asked, across partitions, with holes and repeats', async (kv) => {
      await commit(kv, 'p', { a: '1' })
      await commit(kv, 'q', { b: '2' })
      const refs = [
        { partition: 'q', key: 'b' },
        { partition: 'p', key: 'b' },
        { partition: 'p', key: 'a' },
        { partition: 'q', key: 'b' },
      ]
      expect((await kv.getMany(refs)).map((row) => row?.value)).toEqual(['2', undefined, '1', '2'])
      expect(await kv.getMany([])).toEqual([])
    })

    fact('keys are ordered by their UTF-8 bytes', async (kv) => {
      // U+1F600 is a surrogate pair: after U+FFFD in UTF-8, before it in UTF-16.
      const sorted = ['', 'A', 'a', 'a/b', 'ab', 'z', 'Đ', 'đ', 'ơ', 'ế', '\ufffd', '\u{1f600}']
      for (const key of sorted.toReversed()) {
        await commit(kv, 'p', { [key]: key })
      }
      const all = { from: '', to: prefixEnd(''), limit: 100 }
      expect((await kv.scan('p', all)).map(({ key }) => key)).toEqual(sorted)
      expect((await kv.scan('p', { ...all, reverse: true })).map(({ key }) => key)).toEqual(
        sorted.toReversed(),
      )
      const some = await kv.scan('p', { from: 'đ', to: '\ufffd', limit: 100 })
      expect(some.map(({ key }) => key)).toEqual(['đ', 'ơ', 'ế'])
    })

    fact('a scan takes from and leaves to, and stops at its limit from either end', async (kv) => {
      await commit(kv, 'p', { a: '', b: '', c: '', d: '' })
      const keys = async (range: { from: string; to: string; limit: number; reverse?: boolean }) =>
        (await kv.scan('p', range)).map(({ key }) => key).join('')
      expect(await keys({ from: 'b', to: 'd', limit: 9 })).toBe('bc')
      expect(await keys({ from: 'a', to: 'z', limit: 2 })).toBe('ab')
      expect(await keys({ from: 'a', to: 'z', limit: 2, reverse: true })).toBe('dc')
      expect(await keys({ from: 'b', to: 'd', limit: 1, reverse: true })).toBe('c')
      expect(await keys({ from: 'a', to: 'z', limit: 0 })).toBe('')
      expect(await keys({ from: 'd', to: 'a', limit: 9 })).toBe('')
      expect(await keys({ from: 'd', to: 'a', limit: 9, reverse: true })).toBe('')
    })

    fact('prefixEnd ends a scan after the last key of the prefix', async (kv) => {
      await commit(kv, 'p', { 'x/': '', 'x/\u{10fffd}': '', x0: '', x: '' })
      const found = await kv.scan('p', { from: 'x/', to: prefixEnd('x/'), limit: 9 })
      expect(found.map(({ key }) => key)).toEqual(['x/', 'x/\u{10fffd}'])
    })

    fact('a conflict names every key that did not hold, and stores nothing', async (kv) => {
      const rev = await commit(kv, 'p', { a: '1', b: '1', c: '1' })
      const result = await kv.commit('p', {
        expect: [
          { key: 'a', rev },
          { key: 'b', rev: null },
          { key: 'c', rev: `${rev}0` },
          { key: 'd', rev },
          { key: 'e', rev: null },
        ],
        put: [
          { key: 'e', value: '2' },
          { key: 'a', value: '2' },
        ],
        delete: ['b'],
      })
      expect(result.committed).toBe(false)
      expect(result.committed ? [] : [...result.conflicts].sort()).toEqual(['b', 'c', 'd'])
      expect((await kv.get('p', 'a'))?.value).toBe('1')
      expect((await kv.get('p', 'b'))?.value).toBe('1')
      expect(await kv.get('p', 'e')).toBeUndefined()
    })

    fact('an expectation may be about a row that the commit does not write', async (kv) => {
      const rev = await commit(kv, 'p', { guard: '1' })
      const change = { expect: [{ key: 'guard', rev }], put: [{ key: 'a', value: '1' }] }
      expect((await kv.commit('p', change)).committed).toBe(true)
      await commit(kv, 'p', { guard: '2' })
      expect(await kv.commit('p', change)).toEqual({ committed: false, conflicts: ['guard'] })
    })

    fact('delete removes a row, and needs none', async (kv) => {
      const rev = await commit(kv, 'p', { a: '1', b: '1' })
      expect((await kv.commit('p', { expect: [{ key: 'a', rev }], delete: ['a', 'no'] })).committed).toBe(
        true,
      )
      expect(await kv.get('p', 'a')).toBeUndefined()
      expect((await kv.get('p', 'b'))?.value).toBe('1')
      expect(await kv.scan('p', { from: '', to: 'z', limit: 9 })).toHaveLength(1)
      expect((await kv.commit('p', { expect: [{ key: 'a', rev }] })).committed).toBe(false)
      expect((await kv.commit('p', { expect: [{ key: 'a', rev: null }] })).committed).toBe(true)
    })

    fact('an empty change commits', async (kv) => {
      expect((await kv.commit('p', {})).committed).toBe(true)
    })

    fact('a row with a ttl is absent once its time has come', async (kv, pass) => {
      const { rev } = committed(await kv.commit('p', { put: [{ key: 'a', value: '1', ttl: 10 }] }))
      await commit(kv, 'p', { b: '1' })
      pass(9_999)
      expect((await kv.get('p', 'a'))?.value).toBe('1')
      pass(1)
      expect(await kv.get('p', 'a')).toBeUndefined()
      expect((await kv.scan('p', { from: '', to: 'z', limit: 1 })).map(({ key }) => key)).toEqual(['b'])
      expect((await kv.commit('p', { expect: [{ key: 'a', rev }] })).committed).toBe(false)
      const again = { expect: [{ key: 'a', rev: null }], put: [{ key: 'a', value: '2' }] }
      expect((await kv.commit('p', again)).committed).toBe(true)
      pass(1_000_000)
      expect((await kv.get('p', 'a'))?.value).toBe('2')
    })

    fact('of many concurrent commits that expect the same, exactly one wins', async (kv) => {
      const rivals = Array.from({ length: 200 }, (_, index) =>
        kv.commit('p', { expect: [{ key: 'a', rev: null }], put: [{ key: 'a', value: `${index}` }] }),
      )
      const results = await Promise.all(rivals)
      expect(results.filter((result) => result.committed)).toHaveLength(1)
      const winner = results.findIndex((result) => result.committed)
      expect((await kv.get('p', 'a'))?.value).toBe(`${winner}`)
    })

    fact('concurrent increments lose no update', async (kv) => {
      await commit(kv, 'p', { n: '0' })
      const increment = async (): Promise<void> => {
        const row = (await kv.get('p', 'n'))!
        const value = String(Number(row.value) + 1)
        const change = { expect: [{ key: 'n', rev: row.rev }], put: [{ key: 'n', value }] }
        return (await kv.commit('p', change)).committed ? undefined : increment()
      }
      await Promise.all(Array.from({ length: 20 }, increment))
      expect((await kv.get('p', 'n'))?.value).toBe('20')
    })

    fact('commits in flight together apply in the order of the calls', async (kv) => {
      const values = Array.from({ length: 300 }, (_, index) => `${index}`)
      await Promise.all(values.map((value) => commit(kv, 'p', { a: value, [value]: value })))
      expect((await kv.get('p', 'a'))?.value).toBe('299')
      expect(await kv.scan('p', { from: '', to: 'a', limit: 1_000 })).toHaveLength(300)
    })

    fact(
      'values come back as they were: 64 KiB, Vietnamese, emoji, quotes, control characters, empty',
      async (kv) => {
        const values = [
          'x'.repeat(65_536),
          'Chào buổi sáng, Đặng Thị Hường 👩‍👩‍👧',
          `'"\\;--`,
          'a\u0000b\u001f\n',
          '',
        ]
        await Promise.all(values.map((value, index) => commit(kv, 'p', { [`k${index}`]: value })))
        const rows = await kv.getMany(values.map((_, index) => ({ partition: 'p', key: `k${index}` })))
        expect(rows.map((row) => row?.value)).toEqual(values)
      },
    )

    fact('names of partitions and keys are only names', async (kv) => {
      const odd = `'; DROP TABLE kv; -- /\n“đ”`
      await commit(kv, odd, { [odd]: odd })
      expect((await kv.get(odd, odd))?.value).toBe(odd)
    })
  })
}

async function commit(kv: Kv, partition: string, rows: Record<string, string>): Promise<string> {
  const put = Object.entries(rows).map(([key, value]) => ({ key, value }))
  return committed(await kv.commit(partition, { put })).rev
}

function committed(result: Awaited<ReturnType<Kv['commit']>>): { rev: string } {
  if (!result.committed) {
    throw new Error(`conflicts on ${result.conflicts.join()}`)
  }
  return result
}
