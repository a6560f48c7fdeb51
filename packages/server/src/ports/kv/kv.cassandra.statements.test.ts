import { describe, expect, test } from 'bun:test'
import { type RowPlan, Statements, holds, planRows } from './kv.cassandra.statements.ts'

const NOW = 1_800_000_000_000
const statements = new Statements('tam')

describe('planning a batch', () => {
  test('every row has one plan: a put wins over a deletion of the same commit, the last put over the others', () => {
    const change = {
      expect: [
        { key: 'a', rev: null },
        { key: 'g', rev: 'r' },
      ],
      delete: ['a', 'd'],
      put: [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ],
    }
    const plans = planRows([{ change, rev: 'mine' }]) as Map<string, RowPlan>
    expect([...plans.keys()]).toEqual(['a', 'g', 'd'])
    expect(plans.get('a')?.write).toEqual({ kind: 'put', value: '2', rev: 'mine', ttl: undefined })
    expect(plans.get('g')).toMatchObject({ expected: { rev: 'r' }, write: undefined })
    expect(plans.get('d')?.write).toEqual({ kind: 'delete' })
  })

  test('of several commits the later one decides, each with its own rev', () => {
    const commits = [
      { change: { put: [{ key: 'a', value: '1' }] }, rev: 'r1' },
      { change: { delete: ['a'], put: [{ key: 'b', value: '2' }] }, rev: 'r2' },
      { change: { put: [{ key: 'c', value: '3' }] }, rev: 'r3' },
    ]
    const plans = planRows(commits) as Map<string, RowPlan>
    expect(plans.get('a')?.write).toEqual({ kind: 'delete' })
    expect(plans.get('b')?.write).toMatchObject({ rev: 'r2' })
    expect(plans.get('c')?.write).toMatchObject({ rev: 'r3' })
  })

  test('expectations that exclude each other are a conflict on that key', () => {
    const expectations = [
      { key: 'a', rev: 'r' },
      { key: 'a', rev: null },
    ]
    expect(planRows([{ change: { expect: expectations }, rev: 'x' }])).toBe('a')
    const twice = { expect: [expectations[0]!, expectations[0]!] }
    expect(planRows([{ change: twice, rev: 'x' }])).toBeInstanceOf(Map)
  })
})

describe('statements', () => {
  const put: RowPlan = {
    key: 'k',
    expected: undefined,
    write: { kind: 'put', value: 'v', rev: 'r', ttl: undefined },
  }
  const never = BigInt(Number.MAX_SAFE_INTEGER)

  test('a put is an update, conditional or not', () => {
    const update = 'UPDATE tam.kv USING TTL ? SET v = ?, rev = ?, expires = ? WHERE p = ? AND k = ?'
    const params = [0, 'v', 'r', never, 'p', 'k']
    expect(statements.write('p', put, undefined, NOW)).toEqual({ query: update, params })
    expect(statements.write('p', put, { kind: 'absent' }, NOW)).toEqual({
      query: `${update} IF rev = null AND expires = null`,
      params,
    })
    expect(statements.write('p', put, { kind: 'alive', rev: 'old', afterMs: 5n }, NOW)).toEqual({
      query: `${update} IF rev = ? AND expires > ?`,
      params: [...params, 'old', 5n],
    })
  })

  test('a ttl sets when the row is absent, and lets the server remove it an hour later', () => {
    const withTtl = (ttl: number) =>
      statements.write('p', { ...put, write: { kind: 'put', value: 'v', rev: 'r', ttl } }, undefined, NOW)
        .params
    expect(withTtl(9.5)).toEqual([3_610, 'v', 'r', BigInt(NOW + 10_000), 'p', 'k'])
    expect(withTtl(1e9)[0]).toBe(630_720_000)
  })

  test('a row that is only compared keeps its values and its ttl', () => {
    const guard = { key: 'k', expected: { key: 'k', rev: 'r' }, write: undefined }
    expect(statements.write('p', guard, { kind: 'absent' }, NOW)).toEqual({
      query: 'DELETE guard FROM tam.kv WHERE p = ? AND k = ? IF rev = null AND expires = null',
      params: ['p', 'k'],
    })
  })

  test('an expired row counts as absent', () => {
    const [alive, expired] = [NOW + 1, NOW].map((ms) => ({ rev: 'r', expiresMs: BigInt(ms) }))
    const outcomes = [alive, expired, undefined].map((seen) => [
      holds({ key: 'k', rev: 'r' }, seen, NOW),
      holds({ key: 'k', rev: 'other' }, seen, NOW),
      holds({ key: 'k', rev: null }, seen, NOW),
    ])
    expect(outcomes).toEqual([
      [true, false, false],
      [false, false, true],
      [false, false, true],
    ])
  })
})
