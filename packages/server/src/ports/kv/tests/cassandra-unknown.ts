import { expect } from 'bun:test'
import { migrateCassandra } from '../kv.cassandra.migrate.ts'
import { openCassandraKv } from '../kv.cassandra.ts'
import { UnknownOutcome } from '../kv.ts'
import type { Facts } from './cassandra-lab.ts'

/** What becomes of commits whose answer is lost. */
export const unknownOutcomeFacts: Facts = {
  'no answer in time is an unknown outcome, and asking again tells what became of it': async (lab) => {
    const options = lab.target()
    await migrateCassandra(options)
    const patient = await lab.open(options)
    const hasty = await lab.open({ ...options, requestTimeoutMs: 1 })
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const change = { expect: [{ key: 'a', rev: null }], put: [{ key: 'a', value: `${index}` }] }
        const first = await hasty.commit(`p${index}`, change).catch((error: unknown) => error)
        const again = await patient.commit(`p${index}`, change)
        const row = await patient.get(`p${index}`, 'a')
        return { first, again, value: row?.value === `${index}` }
      }),
    )
    expect(outcomes.map(({ value }) => value)).not.toContain(false)
    const unknown = outcomes.filter(({ first }) => first instanceof UnknownOutcome)
    expect(unknown.length).toBeGreaterThan(0)
    expect(String(unknown[0]?.first)).toContain('no certain answer to a commit: ')
  },

  'a node that stands still makes commits unknown and reads fail; both go on when it does': async (lab) => {
    const kv = await lab.openFresh()
    await kv.commit('p', { put: [{ key: 'a', value: '1' }] })
    lab.cluster.pause(0)
    lab.onEnd(() => lab.cluster.resume(0))
    const change = { expect: [{ key: 'b', rev: null }], put: [{ key: 'b', value: '1' }] }
    const [commit, read] = await Promise.all(
      [kv.commit('p', change), kv.get('p', 'a')].map((asked) => asked.catch((error: unknown) => error)),
    )
    expect(commit).toBeInstanceOf(UnknownOutcome)
    expect(read).toMatchObject({ name: 'CassandraUnavailable' })
    lab.cluster.resume(0)
    expect((await kv.get('p', 'a'))?.value).toBe('1')
    await kv.commit('p', change)
    expect((await kv.get('p', 'b'))?.value).toBe('1')
  },

  'what was acknowledged survives kill -9 of the only node, and the engine finds the node again': async (
    lab,
  ) => {
    const kv = await lab.openFresh()
    const acknowledged: string[] = []
    const unknown: unknown[] = []
    const busy = Promise.withResolvers<void>()
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let index = 0; unknown.length === 0; index++) {
        const key = `${writer}/${index}`
        const change = { expect: [{ key, rev: null }], put: [{ key, value: key }] }
        await kv.commit(`w${writer}`, change).then(
          () => acknowledged.push(key) >= 100 && busy.resolve(),
          (error: unknown) => unknown.push(error),
        )
      }
    })
    await busy.promise
    await lab.cluster.kill(0)
    await Promise.all(writers)
    expect(unknown.every((error) => error instanceof UnknownOutcome)).toBe(true)
    await lab.cluster.start(0)
    const refs = acknowledged.map((key) => ({ partition: `w${key.split('/')[0]}`, key }))
    let rows: unknown[] = []
    for (let attempt = 0; rows.length === 0 && attempt < 5; attempt++) {
      rows = await kv.getMany(refs).catch(() => [])
    }
    expect(rows).toMatchObject(acknowledged.map((value) => ({ value })))
  },

  'closing finishes what was accepted and refuses the rest': async (lab) => {
    const options = lab.target()
    await migrateCassandra(options)
    const kv = await openCassandraKv(options)
    const accepted = kv.commit('p', { put: [{ key: 'a', value: '1' }] })
    const closed = kv.close()
    expect(
      await kv.commit('p', { put: [{ key: 'b', value: '1' }] }).catch((error: unknown) => error),
    ).toBeInstanceOf(UnknownOutcome)
    await closed
    expect((await accepted).committed).toBe(true)
    expect(await kv.get('p', 'a').catch((error: unknown) => error)).toMatchObject({
      name: 'CassandraUnavailable',
    })
  },
}
