import { describe, expect, test } from 'bun:test'
import { request, testStore } from './tests/store.ts'

const operation = (cid: string, base = 0) => ({ author: 'an', cid, base })

describe('lookup', () => {
  test('finds what was stored, in any bucket since base', async () => {
    const { log, another } = testStore()
    for (let index = 1; index <= 9; index++) {
      await log.append('a', request(`c${index}`))
    }
    expect(await another().lookup('a', operation('c2'))).toEqual({ kind: 'stored', seq: 2, sha: 'sha of c2' })
    expect(await log.lookup('a', operation('c9', 8))).toMatchObject({ seq: 9 })
    expect(await log.lookup('a', operation('c2', 8))).toBeUndefined()
    expect(await log.lookup('a', operation('never'))).toBeUndefined()
    expect(await log.lookup('empty', operation('never'))).toBeUndefined()
  })
})

describe('refuse', () => {
  test('an operation that was stored counts as stored', async () => {
    const { log } = testStore()
    await log.append('a', request('c1'))
    expect(await log.refuse('a', operation('c1'))).toEqual({ kind: 'stored', seq: 1, sha: 'sha of c1' })
  })

  test('a refused operation is never stored, on any server, in any later bucket', async () => {
    const { log, another } = testStore()
    expect(await log.refuse('a', operation('c'))).toEqual({ kind: 'refused' })
    expect(await log.refuse('a', operation('c'))).toEqual({ kind: 'refused' })
    for (let index = 1; index <= 9; index++) {
      await log.append('a', request(`c${index}`))
    }
    for (const server of [log, another()]) {
      expect(await server.append('a', request('c'))).toEqual({ ok: false, code: 'cid_conflict' })
    }
    expect(await log.head('a')).toBe(9)
  })

  test('an attempt under way that lands later finds the refusal', async () => {
    const { log, another, kv, clock } = testStore()
    kv.faults.delayed = 1
    const lost = log.append('a', request('c'))
    await Bun.sleep(0)
    kv.faults.delayed = 0
    expect(await another().refuse('a', operation('c'))).toEqual({ kind: 'refused' })
    await kv.applyDelayed()
    clock.advance(1_000)
    expect(await lost).toEqual({ ok: false, code: 'cid_conflict' })
    expect(await log.head('a')).toBe(0)
  })

  test('an unknown outcome of the refusal is unknown', async () => {
    const { log, kv, clock } = testStore()
    kv.faults.unknownLost = 1
    const refusal = log.refuse('a', operation('c'))
    for (let passed = 0; passed < 7_000; passed += 50) {
      await Bun.sleep(0)
      clock.advance(50)
    }
    expect(await refusal).toEqual({ kind: 'unknown' })
  })

  test('a bucket sealed meanwhile sends the refusal to the next one', async () => {
    const { log, kv } = testStore()
    for (let index = 1; index <= 3; index++) {
      await log.append('a', request(`c${index}`))
    }
    const { commit } = kv
    kv.commit = async (partition, change) => {
      kv.commit = commit
      expect(await log.append('a', request('c4'))).toMatchObject({ seq: 4 })
      return kv.commit(partition, change)
    }
    expect(await log.refuse('a', operation('c'))).toEqual({ kind: 'refused' })
    expect(await kv.get('log/a/0', 'd/an/c')).toBeUndefined()
    expect((await kv.get('log/a/1', 'd/an/c'))?.value).toBe('void')
  })
})
