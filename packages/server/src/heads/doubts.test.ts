import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import { UnknownOutcome } from '../ports/kv/kv.ts'
import { Doubts } from './doubts.ts'
import { DIGEST_MS, DOUBT_MS } from './limits.ts'

function setUp() {
  const clock = new FakeClock()
  const doubts = new Doubts(clock)
  const kv = new MemoryKv(clock)
  const answers: { resolve: (result: never) => void; reject: (error: Error) => void }[] = []
  kv.commit = () => new Promise((resolve, reject) => answers.push({ resolve, reject }))
  const watched = doubts.watch(kv)
  const commit = (log: string) => {
    watched.commit(`log/${log}/0`, {}).catch(() => {})
    return answers.at(-1)!
  }
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
  return { clock, doubts, commit, settled, open: () => [...doubts.open()] }
}

test('a log is in doubt while a commit takes long, and not before or after', async () => {
  const { clock, commit, settled, open } = setUp()
  const first = commit('nhom-1')
  clock.advance(DIGEST_MS - 1)
  commit('nhom-2')
  expect(open()).toEqual([])
  clock.advance(1)
  expect(open()).toEqual(['nhom-1'])
  first.resolve({ committed: true, rev: '1' } as never)
  await settled()
  expect(open()).toEqual([])
})

test('a log is in doubt for a while after an outcome was unknown, in which the store may apply it', async () => {
  const { clock, commit, settled, open } = setUp()
  commit('nhom-1').reject(new UnknownOutcome('lost'))
  commit('nhom-2').reject(new Error('refused'))
  await settled()
  clock.advance(DOUBT_MS / 2)
  commit('nhom-3').reject(new UnknownOutcome('lost'))
  await settled()
  expect(open()).toEqual(['nhom-1', 'nhom-3'])
  clock.advance(DOUBT_MS / 2 + 1)
  expect(open()).toEqual(['nhom-3'])
  clock.advance(DOUBT_MS)
  expect(open()).toEqual([])
})
