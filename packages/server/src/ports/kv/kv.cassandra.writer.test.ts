import { describe, expect, test } from 'bun:test'
import { type Client, errors, types } from 'cassandra-driver'
import { seededRandom, systemClock } from '@tam/util'
import { type CassandraDependencies, CassandraReads } from './kv.cassandra.reads.ts'
import { Statements } from './kv.cassandra.statements.ts'
import { CassandraWriter } from './kv.cassandra.writer.ts'
import { type Change, UnknownOutcome } from './kv.ts'

const NOW = 1_800_000_000_000
const NEVER = BigInt(Number.MAX_SAFE_INTEGER)

interface Sent {
  readonly query: string
  readonly params: readonly unknown[]
}

type Answer = { readonly k: string; readonly rev: string; readonly expires: bigint }[] | 'applied' | Error

/** A writer over a driver that gives these answers: to batches, and to every read. */
function writerOver(answers: readonly Answer[], stored: Answer = []) {
  const sent: Sent[][] = []
  const result = (answer: Answer) => {
    if (answer instanceof Error) {
      return Promise.reject(answer)
    }
    const rows = answer === 'applied' ? [] : answer
    return Promise.resolve({ rows, wasApplied: () => answer === 'applied' })
  }
  const client = {
    batch: (statements: Sent[]) => {
      sent.push(statements)
      return result(answers[sent.length - 1] ?? new Error('no more answers'))
    },
    execute: () => result(stored),
  } as unknown as Client
  const deps: CassandraDependencies = {
    client,
    statements: new Statements('tam'),
    clock: { ...systemClock, now: () => NOW },
    random: seededRandom(1),
    requestTimeoutMs: 1_000,
  }
  return { writer: new CassandraWriter(deps, new CassandraReads(deps)), sent }
}

const insert: Change = { expect: [{ key: 'a', rev: null }], put: [{ key: 'a', value: '1' }] }
const timeout = new errors.OperationTimedOutError('no answer', 'host')
const conditions = (sent: readonly Sent[][]) => sent.map(([statement]) => statement?.query.split(' IF ')[1])
const caught = (promise: Promise<unknown>) => promise.catch((error: unknown) => error)

describe('a commit without a certain answer', () => {
  const lost: [what: string, error: Error][] = [
    ['no answer in time', timeout],
    ['a closed socket', new Error('Socket was closed')],
    ['a write timeout', new errors.ResponseError(types.responseErrorCodes.writeTimeout, 'CAS')],
    ['an overloaded server', new errors.ResponseError(types.responseErrorCodes.overloaded, 'busy')],
    ['too few replicas', new errors.ResponseError(types.responseErrorCodes.unavailableException, 'dead')],
    ['no host', new errors.NoHostAvailableError({}, 'none')],
  ]
  for (const [what, error] of lost) {
    test(`${what} is an unknown outcome`, async () => {
      const { writer, sent } = writerOver([error])
      expect(await caught(writer.apply('p', [{ change: insert, rev: 'mine' }]))).toBeInstanceOf(
        UnknownOutcome,
      )
      expect(sent).toHaveLength(1)
    })
  }

  test('is committed when the row is there with its rev', async () => {
    const { writer } = writerOver([timeout], [{ k: 'a', rev: 'mine', expires: NEVER }])
    expect(await writer.apply('p', [{ change: insert, rev: 'mine' }])).toEqual({ applied: true })
  })

  test('is unknown when the row is there with another rev, or cannot be read', async () => {
    for (const stored of [[{ k: 'a', rev: 'other', expires: NEVER }], timeout]) {
      const { writer } = writerOver([timeout], stored)
      expect(await caught(writer.apply('p', [{ change: insert, rev: 'mine' }]))).toBeInstanceOf(
        UnknownOutcome,
      )
    }
  })

  test('a refused request is no unknown outcome', async () => {
    const refused = new errors.ResponseError(types.responseErrorCodes.invalid, 'Request is too big')
    const { writer } = writerOver([refused])
    expect(await caught(writer.apply('p', [{ change: insert, rev: 'mine' }]))).toBe(refused)
  })
})

describe('a commit that was not applied', () => {
  test('is a conflict on the keys that did not hold', async () => {
    const { writer } = writerOver([[{ k: 'a', rev: 'other', expires: NEVER }]])
    const applied = await writer.apply('p', [{ change: insert, rev: 'mine' }])
    expect(applied).toEqual({ applied: false, conflicts: ['a'] })
  })

  test('is committed all the same when its own row is in the way', async () => {
    const { writer } = writerOver([[{ k: 'a', rev: 'mine', expires: NEVER }]])
    expect(await writer.apply('p', [{ change: insert, rev: 'mine' }])).toEqual({ applied: true })
  })

  test('is repeated over a row that has expired, and only over that', async () => {
    const { writer, sent } = writerOver([[{ k: 'a', rev: 'old', expires: BigInt(NOW) }], 'applied'])
    expect(await writer.apply('p', [{ change: insert, rev: 'mine' }])).toEqual({ applied: true })
    expect(conditions(sent)).toEqual(['rev = null AND expires = null', 'rev = ? AND expires > ?'])
    expect(sent[1]?.[0]?.params.slice(-2)).toEqual(['old', -1n])
  })

  test('an answer without the expiry of a row is a bug, never a licence to overwrite', async () => {
    const answer = [{ k: 'a', rev: 'old' }] as unknown as Answer
    const { writer } = writerOver([answer, 'applied'])
    expect(await caught(writer.apply('p', [{ change: insert, rev: 'mine' }]))).toMatchObject({
      name: 'AssertionError',
    })
  })
})

describe('a commit without expectations', () => {
  const put: Change = { put: [{ key: 'a', value: '1' }] }

  test('expects what it finds, and what it is told when that has changed', async () => {
    const stored = [{ k: 'a', rev: 'r1', expires: NEVER }]
    const { writer, sent } = writerOver([[{ k: 'a', rev: 'r2', expires: NEVER }], [], 'applied'], stored)
    expect(await writer.apply('p', [{ change: put, rev: 'mine' }])).toEqual({ applied: true })
    expect(sent.map(([statement]) => statement?.params.slice(-2))).toEqual([
      ['r1', -1n],
      ['r2', -1n],
      ['p', 'a'],
    ])
    expect(conditions(sent)[2]).toBe('rev = null AND expires = null')
  })

  test('gives up when others are faster each time', async () => {
    const busy = Array.from({ length: 20 }, (_, index) => [{ k: 'a', rev: `r${index}`, expires: NEVER }])
    const { writer, sent } = writerOver(busy)
    expect(await caught(writer.apply('p', [{ change: put, rev: 'mine' }]))).toBeInstanceOf(UnknownOutcome)
    expect(sent).toHaveLength(8)
  })
})
