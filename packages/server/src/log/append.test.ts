import { describe, expect, test } from 'bun:test'
import { type Kv, StorageFull } from '../ports/kv/kv.ts'
import { QUEUE_ENTRIES_MAX } from './appender.ts'
import type { AppendResult } from './log.ts'
import { entry, request, testStore } from './tests/store.ts'

const ok = (seq: number, duplicate = false): AppendResult => ({ ok: true, seq, duplicate })
const failed = (code: Extract<AppendResult, { ok: false }>['code']): AppendResult => ({ ok: false, code })

/** Makes every following commit fail with `error`, until the returned function is called. */
function breakCommits(kv: Kv, error: Error): () => void {
  const { commit } = kv
  kv.commit = () => Promise.reject(error)
  return () => {
    kv.commit = commit
  }
}

/** Lets `ms` pass in small steps, with time for what follows from each timer. */
async function pass(clock: { advance(ms: number): void }, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    await Bun.sleep(0)
    clock.advance(50)
  }
  await Bun.sleep(0)
}

describe('append', () => {
  test('seqs are 1, 2, 3 … in the order of the calls, over the edges of buckets', async () => {
    const { log } = testStore()
    const cids = Array.from({ length: 11 }, (_, index) => `c${index + 1}`)
    const results = await Promise.all(cids.map((cid) => log.append('hà-nội', request(cid))))
    expect(results).toEqual(cids.map((_, index) => ok(index + 1)))
    expect(await log.read('hà-nội', 1, 100)).toEqual(cids.map((cid, index) => entry(index + 1, cid)))
    expect(await log.head('hà-nội')).toBe(11)
  })

  test('logs are separate', async () => {
    const { log } = testStore()
    expect(await log.append('a', request('c1'))).toEqual(ok(1))
    expect(await log.append('b', request('c1'))).toEqual(ok(1))
    expect(await log.read('a', 1, 9)).toEqual([entry(1, 'c1')])
  })

  test('what arrives during a commit is committed together, within one bucket', async () => {
    const { log, committed } = testStore({ bucketSize: 8 })
    await log.append('a', request('first'))
    await Promise.all(Array.from({ length: 10 }, (_, index) => log.append('a', request(`c${index}`))))
    expect(committed).toEqual(['a 1 1', 'a 2 7', 'a 9 3'])
  })

  test('a batch is at most 64 entries and 48 KiB, and a larger entry goes alone', async () => {
    const { log, committed } = testStore({ bucketSize: 1_000 })
    const many = Array.from({ length: 100 }, (_, index) => log.append('a', request(`c${index}`)))
    await Promise.all(many)
    const body = `"text":"${'ế'.repeat(5_000)}"}`
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => log.append('b', request(`c${index}`, { body }))),
    )
    const large = `"text":"${'x'.repeat(60_000)}"}`
    await Promise.all([
      log.append('c', request('c1')),
      log.append('c', request('c2', { body: large })),
      log.append('c', request('c3')),
    ])
    const batches = ['a 1 64', 'a 65 36', 'b 1 3', 'b 4 3', 'b 7 2', 'c 1 1', 'c 2 1', 'c 3 1']
    expect(committed).toEqual(batches)
  })

  test('onCommitted comes before the answers, in seq order', async () => {
    const order: string[] = []
    const { log } = testStore({ onCommitted: (_log, firstSeq) => order.push(`committed ${firstSeq}`) })
    const append = async (cid: string) => {
      const result = await log.append('a', request(cid))
      order.push(`answered ${result.ok ? result.seq : result.code}`)
    }
    await Promise.all([append('c1'), append('c2'), append('c3')])
    expect(order).toEqual(['committed 1', 'answered 1', 'answered 2', 'answered 3'])
  })

  test('an append made in answer to another is not lost when the queue has just run dry', async () => {
    const { log } = testStore()
    for (let index = 1; index <= 20; index++) {
      expect(await log.append('a', request(`c${index}`))).toEqual(ok(index))
    }
  })
})

describe('append: dedupe', () => {
  test('the same cid gives the same seq: at once, later, elsewhere, buckets later', async () => {
    const { log, another, committed } = testStore()
    expect(await Promise.all([log.append('a', request('c')), log.append('a', request('c'))])).toEqual([
      ok(1),
      ok(1, true),
    ])
    for (let index = 2; index <= 30; index++) {
      await log.append('a', request(`c${index}`, { base: index - 1 }))
    }
    expect(await log.append('a', request('c'))).toEqual(ok(1, true))
    expect(await another().append('a', request('c'))).toEqual(ok(1, true))
    expect(await log.head('a')).toBe(30)
    expect(committed).toHaveLength(30)
  })

  test('two of one cid in one batch are stored once', async () => {
    const { log } = testStore()
    const results = await Promise.all(['c1', 'c2', 'c3', 'c2'].map((cid) => log.append('a', request(cid))))
    expect(results).toEqual([ok(1), ok(2), ok(3), ok(2, true)])
  })

  test('another author may use the same cid', async () => {
    const { log } = testStore()
    await log.append('a', request('c'))
    expect(await log.append('a', request('c', { author: 'bình' }))).toEqual(ok(2))
  })

  test('the same cid with another digest is a conflict, here and elsewhere', async () => {
    const { log, another } = testStore()
    await log.append('a', request('c'))
    for (const server of [log, another()]) {
      expect(await server.append('a', request('c', { sha: 'other' }))).toEqual(failed('cid_conflict'))
    }
    expect(await log.head('a')).toBe(1)
  })

  test('a base that does not exist yet is refused, one that another server wrote is not', async () => {
    const { log, another } = testStore()
    await log.append('a', request('c1'))
    expect(await log.append('a', request('c2', { base: 2 }))).toEqual(failed('bad_position'))
    expect(await log.append('a', request('c2', { base: 1e15 }))).toEqual(failed('bad_position'))
    const other = another()
    for (let index = 2; index <= 10; index++) {
      await other.append('a', request(`d${index}`, { base: index - 1 }))
    }
    expect(await log.append('a', request('c3', { base: 10 }))).toEqual(ok(11))
  })

  test('what waits together looks back together', async () => {
    const { log, another, kv } = testStore()
    const cids = Array.from({ length: 9 }, (_, index) => `c${index + 1}`)
    await Promise.all(cids.map((cid) => log.append('a', request(cid))))
    const fresh = another()
    const { getMany } = kv
    const asked: number[] = []
    kv.getMany = (refs) => {
      asked.push(refs.length)
      return getMany.call(kv, refs)
    }
    const appends = ['c2', 'c10', 'c7'].map((cid) => fresh.append('a', request(cid)))
    expect(await Promise.all(appends)).toEqual([ok(2, true), ok(10), ok(7, true)])
    // Two sealed buckets for each of the three.
    expect(asked).toEqual([6])
  })

  test('what a look-back found counts, also when its round ends before its turn', async () => {
    const { log, another } = testStore()
    for (const cid of ['c1', 'c2', 'c3', 'c4', 'c5']) {
      await log.append('a', request(cid))
    }
    const late = another()
    await late.head('a')
    for (const cid of ['c6', 'c7', 'c8', 'c9']) {
      await log.append('a', request(cid))
    }
    // While the first is asked for the others queue, of which one shows that the log has moved on.
    const requests = [request('c5'), request('c10', { base: 9 }), request('c1')]
    const appends = requests.map((each) => late.append('a', each))
    expect(await Promise.all(appends)).toEqual([ok(5, true), ok(10), ok(1, true)])
  })

  test('two servers on one log share its seqs', async () => {
    const { log, another, kv } = testStore()
    const servers = [log, another(), another()]
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, index) => servers[index % 3]!.append('a', request(`c${index}`))),
    )
    expect(results.map((result) => (result.ok ? result.seq : 0)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    )
    expect(await kv.scan('log/a/14', { from: 'm', to: 'n', limit: 9 })).toHaveLength(4)
  })
})

describe('append: pipelines', () => {
  test('follows its predecessor in the same batch, in an earlier one, and over a restart', async () => {
    const { log, another } = testStore()
    const first = log.append('a', request('c0'))
    const pipeline = [request('c1'), request('c2', { prev: 'c1' }), request('c3', { prev: 'c2' })]
    expect(await Promise.all(pipeline.map((each) => log.append('a', each)))).toEqual([ok(2), ok(3), ok(4)])
    expect(await first).toEqual(ok(1))
    expect(await log.append('a', request('c4', { prev: 'c3' }))).toEqual(ok(5))
    expect(await another().append('a', request('c5', { prev: 'c1' }))).toEqual(ok(6))
  })

  test('is aborted after one that was not stored, to its end', async () => {
    const { log } = testStore()
    const pipeline = [
      request('c1', { base: 7 }),
      request('c2', { prev: 'c1' }),
      request('c3', { prev: 'c2' }),
      request('c4'),
    ]
    const results = await Promise.all(pipeline.map((each) => log.append('a', each)))
    expect(results).toEqual([failed('bad_position'), failed('aborted_after'), failed('aborted_after'), ok(1)])
  })

  test('is aborted after one nobody knows, or that another author sent', async () => {
    const { log } = testStore()
    await log.append('a', request('c1', { author: 'bình' }))
    expect(await log.append('a', request('c2', { prev: 'c1' }))).toEqual(failed('aborted_after'))
    expect(await log.append('a', request('c2', { prev: 'never' }))).toEqual(failed('aborted_after'))
  })

  test('goes on when the sender decides again', async () => {
    const { log } = testStore()
    await log.append('a', request('c2', { prev: 'c1' }))
    await log.append('a', request('c1'))
    expect(await log.append('a', request('c2', { prev: 'c1' }))).toEqual(ok(2))
  })
})

describe('append: a store in trouble', () => {
  test('an unknown outcome is repeated until it is known, and published once', async () => {
    const { log, kv, clock, committed } = testStore()
    kv.faults.unknownApplied = 1
    const append = log.append('a', request('c1'))
    await Bun.sleep(0)
    kv.faults.unknownApplied = 0
    expect(committed).toEqual([])
    await pass(clock, 100)
    expect(await append).toEqual(ok(1))
    expect(await log.append('a', request('c2'))).toEqual(ok(2))
    expect(committed).toEqual(['a 1 1', 'a 2 1'])
  })

  test('an outcome unknown for 5 s is answered as such, to all that wait; a retry decides', async () => {
    const { log, kv, clock } = testStore()
    kv.faults.delayed = 1
    const waiting = ['c1', 'c2', 'c3'].map((cid) => log.append('a', request(cid)))
    await pass(clock, 4_000)
    waiting.push(log.append('a', request('c4')))
    await pass(clock, 2_000)
    expect(await Promise.all(waiting)).toEqual(Array.from({ length: 4 }, () => failed('unknown')))
    kv.faults.delayed = 0
    await kv.applyDelayed()
    expect(await log.append('a', request('c1', { resend: true }))).toEqual(ok(1, true))
    expect(await log.append('a', request('c3', { resend: true }))).toEqual(ok(3, true))
    expect(await log.append('a', request('c4', { resend: true }))).toEqual(ok(4))
  })

  test('a store that does not answer at all is unknown after 5 s, whatever it did; a retry decides', async () => {
    const { log, kv, clock } = testStore()
    const { commit } = kv
    const silence = Promise.withResolvers<void>()
    kv.commit = async (partition, change) => {
      const result = await commit.call(kv, partition, change)
      await silence.promise
      return result
    }
    const sent = log.append('a', request('c1'))
    await pass(clock, 4_900)
    expect(Bun.peek.status(sent)).toBe('pending')
    await pass(clock, 100)
    expect(Bun.peek(sent)).toEqual(failed('unknown'))
    kv.commit = commit
    silence.resolve()
    expect(await log.append('a', request('c1', { resend: true }))).toEqual(ok(1, true))
    expect(await log.append('a', request('c2'))).toEqual(ok(2))
  })

  test('a full store is a failure; for a resend, which may still land, it is not certain', async () => {
    const { log, kv } = testStore()
    const repair = breakCommits(kv, new StorageFull())
    expect(await log.append('a', request('c1'))).toEqual(failed('storage_full'))
    expect(await log.append('a', request('c1', { resend: true }))).toEqual(failed('unknown'))
    expect(await log.append('a', request('c2', { prev: 'c1' }))).toEqual(failed('aborted_after'))
    repair()
    expect(await log.append('a', request('c1'))).toEqual(ok(1))
  })

  test('full after unknown is unknown: the first attempt may still land', async () => {
    const { log, kv, clock } = testStore()
    kv.faults.delayed = 1
    const append = log.append('a', request('c1'))
    await Bun.sleep(0)
    breakCommits(kv, new StorageFull())
    await pass(clock, 100)
    expect(await append).toEqual(failed('unknown'))
  })

  test('a bug rejects what waits, and the log goes on', async () => {
    const { log, kv } = testStore()
    const bug = new TypeError('bug')
    const repair = breakCommits(kv, bug)
    const appends = ['c1', 'c2'].map((cid) => log.append('a', request(cid)).catch((error: unknown) => error))
    expect(await Promise.all(appends)).toEqual([bug, bug])
    repair()
    expect(await log.append('a', request('c1'))).toEqual(ok(1))
  })

  test('a conflict without a cause is only tried again', async () => {
    const { log, kv } = testStore()
    kv.faults.conflict = 0.5
    for (let index = 1; index <= 20; index++) {
      expect(await log.append('a', request(`c${index}`))).toEqual(ok(index))
    }
  })

  test('past its limit the queue answers unknown at once', async () => {
    const { log } = testStore({ bucketSize: 10_000 })
    const appends = Array.from({ length: QUEUE_ENTRIES_MAX }, (_, index) =>
      log.append('a', request(`c${index}`)),
    )
    expect(await log.append('a', request('one more'))).toEqual(failed('unknown'))
    expect((await Promise.all(appends)).every((result) => result.ok)).toBe(true)
    expect(await log.append('a', request('one more'))).toEqual(ok(QUEUE_ENTRIES_MAX + 1))
  })
})
