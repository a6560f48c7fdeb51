import { describe, expect, test } from 'bun:test'
import type { Cache, Rate } from './cache.ts'

interface CacheUnderTest {
  readonly cache: Cache
  /** Lets time pass for the cache. */
  pass(ms: number): Promise<void>
}

/** What every engine does. */
export function cacheContract(engine: string, open: () => Promise<CacheUnderTest>): void {
  const fact = factsOf(open)
  describe(`cache contract: ${engine}`, () => {
    fact('a value is read back, replaced and deleted', async ({ cache }) => {
      expect(await cache.get('a')).toBeUndefined()
      await cache.set('a', 'một', 1_000)
      expect(await cache.get('a')).toBe('một')
      await cache.set('a', '', 1_000)
      expect(await cache.get('a')).toBe('')
      await cache.delete('a')
      await cache.delete('a')
      expect(await cache.get('a')).toBeUndefined()
    })

    fact('a value is gone after its ttl, which a new set starts again', async ({ cache, pass }) => {
      await cache.set('a', '1', 1_000)
      await pass(600)
      await cache.set('a', '2', 1_000)
      await pass(900)
      expect(await cache.get('a')).toBe('2')
      await pass(100)
      expect(await cache.get('a')).toBeUndefined()
    })

    fact('many values are set and read at once, in the order asked', async ({ cache, pass }) => {
      expect(await cache.getMany([])).toEqual([])
      await cache.setMany([], 1_000)
      const values = Array.from({ length: 1_000 }, (_, i) => ({ key: `k${i}`, value: `giá trị ${i}` }))
      await cache.setMany(values, 1_000)
      expect(await cache.getMany(values.map(({ key }) => key))).toEqual(values.map(({ value }) => value))
      expect(await cache.getMany(['k7', 'none', 'k5', 'k7'])).toEqual([
        'giá trị 7',
        undefined,
        'giá trị 5',
        'giá trị 7',
      ])
      await pass(1_000)
      expect(await cache.getMany(['k7', 'k5'])).toEqual([undefined, undefined])
    })

    const rate: Rate = { count: 10, periodMs: 1_000, burst: 3 }

    fact('a bucket grants its burst at once, then says how long to wait', async ({ cache }) => {
      expect([await cache.take('a', rate), await cache.take('a', rate), await cache.take('a', rate)]).toEqual(
        [0, 0, 0],
      )
      expect(await cache.take('a', rate)).toBe(100)
      expect(await cache.take('b', rate)).toBe(0)
    })

    fact('a refusal takes nothing: after the wait one is granted', async ({ cache, pass }) => {
      for (let taken = 0; taken < 3; taken++) {
        await cache.take('a', rate)
      }
      expect(await cache.take('a', rate)).toBe(100)
      await pass(60)
      expect(await cache.take('a', rate)).toBe(40)
      await pass(40)
      expect(await cache.take('a', rate)).toBe(0)
      expect(await cache.take('a', rate)).toBe(100)
    })

    fact('over time exactly the rate is granted', async ({ cache, pass }) => {
      let granted = 0
      for (let elapsed = 0; elapsed < 10_000; elapsed += 25) {
        granted += (await cache.take('a', rate)) === 0 ? 1 : 0
        await pass(25)
      }
      expect(granted).toBeWithin(100, 104)
    })

    fact('an idle bucket fills up to its burst and no further', async ({ cache, pass }) => {
      await cache.take('a', rate)
      await pass(3_600_000)
      const answers = []
      for (let taken = 0; taken < 4; taken++) {
        answers.push(await cache.take('a', rate))
      }
      expect(answers).toEqual([0, 0, 0, 100])
    })

    fact('a cost takes that many tokens', async ({ cache, pass }) => {
      expect(await cache.take('a', rate, 3)).toBe(0)
      expect(await cache.take('a', rate, 2)).toBe(200)
      await pass(200)
      expect(await cache.take('a', rate, 2)).toBe(0)
    })

    fact('buckets and values do not share names', async ({ cache }) => {
      await cache.set('a', 'value', 1_000)
      expect(await cache.take('a', rate)).toBe(0)
      expect(await cache.get('a')).toBe('value')
    })
  })
}

/** What every engine that servers share does beside. */
export function leasesContract(engine: string, open: () => Promise<CacheUnderTest>): void {
  const fact = factsOf(open)
  describe(`leases contract: ${engine}`, () => {
    const names = (held: readonly { holder: string; value: string }[]) =>
      held.map(({ holder, value }) => `${holder} ${value}`).sort()

    fact('leases of a group are listed, each with the last word of its holder', async ({ cache }) => {
      await cache.hold([], 1_000)
      await cache.hold(
        [
          { group: 'nhóm', holder: 'an', value: 'một\nhai' },
          { group: 'nhóm', holder: 'bình', value: '' },
          { group: 'other', holder: 'an', value: '3' },
        ],
        1_000,
      )
      await cache.hold([{ group: 'nhóm', holder: 'bình', value: '2 3' }], 1_000)
      expect((await cache.held(['other', 'none', 'nhóm'])).map(names)).toEqual([
        ['an 3'],
        [],
        ['an một\nhai', 'bình 2 3'],
      ])
      expect(await cache.held([])).toEqual([])
    })

    fact(
      'a lease ends by itself, each at its own time, and is renewed by holding it again',
      async (under) => {
        const { cache, pass } = under
        const lease = (holder: string) => ({ group: 'g', holder, value: '1' })
        await cache.hold([lease('long'), lease('renewed')], 1_000)
        await cache.hold([lease('short')], 300)
        await pass(400)
        expect((await cache.held(['g'])).map(names)).toEqual([['long 1', 'renewed 1']])
        await cache.hold([lease('renewed')], 1_000)
        await pass(700)
        expect((await cache.held(['g'])).map(names)).toEqual([['renewed 1']])
        await pass(400)
        expect(await cache.held(['g'])).toEqual([[]])
      },
    )

    fact('many leases are held at once, and share no names with values and buckets', async ({ cache }) => {
      const leases = Array.from({ length: 1_000 }, (_, i) => ({
        group: `g${i % 10}`,
        holder: `h${i}`,
        value: `giá trị ${i}`,
      }))
      await cache.set('g0', 'value', 1_000)
      await cache.hold(leases, 1_000)
      const held = await cache.held(Array.from({ length: 10 }, (_, i) => `g${i}`))
      expect(held.map((group) => group.length)).toEqual(Array.from({ length: 10 }, () => 100))
      expect(await cache.get('g0')).toBe('value')
      expect(await cache.take('g0', { count: 1, periodMs: 1_000, burst: 1 })).toBe(0)
    })
  })
}

function factsOf(open: () => Promise<CacheUnderTest>) {
  return (name: string, body: (under: CacheUnderTest) => Promise<void>) =>
    test(name, async () => {
      const under = await open()
      try {
        await body(under)
      } finally {
        await under.cache.close()
      }
    })
}
