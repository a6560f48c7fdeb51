import { describe, expect, test } from 'bun:test'
import { seededRandom } from '@tam/util'
import { CommitQueue, WAITING_COMMITS_MAX, WAIT_MS_MAX } from './kv.cassandra.commit-queue.ts'
import type { Applied } from './kv.cassandra.writer.ts'
import { type Change, UnknownOutcome } from './kv.ts'

/** Collects batches, and answers each when it is told to. */
function queueUnderTest() {
  const batches: { partition: string; values: string[]; answer: (applied: Applied | Error) => void }[] = []
  let nowMs = 0
  const queue = new CommitQueue({
    clock: { monotonic: () => nowMs },
    random: seededRandom(1),
    apply: (partition, commits) =>
      new Promise((resolve, reject) => {
        const values = commits.flatMap(({ change }) => (change.put ?? []).map(({ value }) => value))
        const answer = (applied: Applied | Error) =>
          applied instanceof Error ? reject(applied) : resolve(applied)
        batches.push({ partition, values, answer })
      }),
  })
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { queue, batches, pass }
}

const put = (value: string): Change => ({ put: [{ key: value, value }] })
const insert = (value: string): Change => ({ ...put(value), expect: [{ key: value, rev: null }] })
const settled = () => new Promise((resolve) => setImmediate(resolve))
const applied: Applied = { applied: true }

describe('the queue of commits', () => {
  test('has one batch in flight per partition, in the order of the calls', async () => {
    const { queue, batches } = queueUnderTest()
    const results = ['1', '2', '3'].map((value) => queue.commit('p', insert(value)))
    void queue.commit('q', insert('4'))
    await settled()
    expect(batches.map(({ partition, values }) => [partition, ...values])).toEqual([
      ['p', '1'],
      ['q', '4'],
    ])
    batches[0]!.answer({ applied: false, conflicts: ['1'] })
    expect(await results[0]).toEqual({ committed: false, conflicts: ['1'] })
    await settled()
    batches[2]!.answer(applied)
    expect((await results[1])!.committed).toBe(true)
    await settled()
    expect(batches.map(({ values }) => values.join())).toEqual(['1', '4', '2', '3'])
  })

  test('commits without expectations go together, each with a rev of its own, up to one with an expectation', async () => {
    const { queue, batches } = queueUnderTest()
    const changes = [put('1'), put('2'), insert('3'), put('4'), put('5')]
    const results = changes.map((change) => queue.commit('p', change))
    for (const index of [0, 1, 2]) {
      await settled()
      batches[index]!.answer(applied)
    }
    const revs = (await Promise.all(results)).map((result) => result.committed && result.rev)
    expect(new Set(revs).size).toBe(5)
    expect(batches.map(({ values }) => values.join())).toEqual(['1,2', '3', '4,5'])
  })

  test('a batch of several has at most 64 rows and 48 KiB', async () => {
    const { queue, batches } = queueUnderTest()
    for (let index = 0; index < 70; index++) {
      void queue.commit('p', put(`${index}`))
    }
    const large = 'x'.repeat(30 * 1024)
    void queue.commit('q', put(large))
    void queue.commit('q', put(`${large}y`))
    await settled()
    expect(batches.map(({ values }) => values.length)).toEqual([64, 1])
  })

  test('an error reaches the commits of its batch only', async () => {
    const { queue, batches } = queueUnderTest()
    const first = queue.commit('p', insert('1'))
    const second = queue.commit('p', insert('2'))
    await settled()
    batches[0]!.answer(new UnknownOutcome('no answer'))
    expect(await first.catch((error: unknown) => error)).toBeInstanceOf(UnknownOutcome)
    await settled()
    batches[1]!.answer(applied)
    expect((await second).committed).toBe(true)
  })

  test('what waited too long is not sent any more', async () => {
    const { queue, batches, pass } = queueUnderTest()
    void queue.commit('p', insert('1'))
    const late = queue.commit('p', insert('2')).catch((error: unknown) => error)
    await settled()
    pass(WAIT_MS_MAX + 1)
    const fresh = queue.commit('p', insert('3'))
    batches[0]!.answer(applied)
    expect(await late).toMatchObject({
      name: 'UnknownOutcome',
      message: 'waited too long; nothing was sent',
    })
    await settled()
    batches[1]!.answer(applied)
    expect((await fresh).committed).toBe(true)
    expect(batches.map(({ values }) => values.join())).toEqual(['1', '3'])
  })

  test('one commit too many is refused, and so is one after the end', async () => {
    const { queue, batches } = queueUnderTest()
    const accepted = Array.from({ length: WAITING_COMMITS_MAX }, (_, index) =>
      queue.commit('p', put(`${index}`)),
    )
    expect(await queue.commit('p', put('x')).catch((error: unknown) => error)).toMatchObject({
      name: 'UnknownOutcome',
      message: 'too many commits wait',
    })
    const ended = queue.end()
    expect(await queue.commit('p', put('x')).catch((error: unknown) => error)).toMatchObject({
      message: 'the store is closed',
    })
    for (let index = 0; index < accepted.length / 64; index++) {
      await settled()
      batches[index]!.answer(applied)
    }
    await ended
    expect((await Promise.all(accepted)).every(({ committed }) => committed)).toBe(true)
  })
})
