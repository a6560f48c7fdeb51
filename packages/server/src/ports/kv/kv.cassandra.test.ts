/*
 * The engine against a real Cassandra of one node. Only with TAM_TEST_CASSANDRA=1: it starts a process of a gigabyte.
 */
import { describe, expect, test } from 'bun:test'
import { systemClock } from '@tam/util'
import { kvContract } from './kv.contract.ts'
import { migrateCassandra } from './kv.cassandra.migrate.ts'
import { cassandraLab, registerFacts } from './tests/cassandra-lab.ts'
import { openingFacts } from './tests/cassandra-opening.ts'
import { serverFacts } from './tests/cassandra-server.ts'
import { unknownOutcomeFacts } from './tests/cassandra-unknown.ts'

const lab = await cassandraLab({ nodes: 1, passwords: true, tls: true })

if (lab !== undefined) {
  kvContract('cassandra', (clock) => lab.openFresh(clock))

  describe('cassandra: commits', () => {
    test('the largest batch of the log goes through: 64 entries of 48 KiB together', async () => {
      const kv = await lab.openFresh()
      const keys = Array.from({ length: 64 }, (_, index) => [`m/${index}`, `d/${index}`]).flat()
      const put = keys.map((key) => ({ key, value: key.startsWith('m') ? 'ế'.repeat(768) : '1' }))
      const change = { expect: keys.map((key) => ({ key, rev: null })), put }
      expect((await kv.commit('p', change)).committed).toBe(true)
      expect(await kv.scan('p', { from: '', to: 'z', limit: 1_000 })).toHaveLength(128)
      const again = await kv.commit('p', change)
      expect(again.committed ? [] : again.conflicts).toHaveLength(128)
    })

    test('a row with a ttl that is only compared, or written again, neither outlives its values nor loses them', async () => {
      const options = lab.target()
      await migrateCassandra(options)
      const kv = await lab.open(options)
      const client = await lab.plainClient()
      const serverTtl = async () => {
        const query = `SELECT TTL(v) AS v, TTL(rev) AS rev, TTL(expires) AS expires FROM ${options.keyspace}.kv WHERE p = 'p' AND k = 'a'`
        const [row] = (await client.execute(query)).rows
        return [row!['v'], row!['rev'], row!['expires']].map(
          (seconds) => seconds && Math.round(seconds / 100),
        )
      }
      await kv.commit('p', { put: [{ key: 'a', value: '1' }] })
      const { rev } = (await kv.get('p', 'a'))!
      const expect1 = { expect: [{ key: 'a', rev }], put: [{ key: 'a', value: '2', ttl: 100 }] }
      expect((await kv.commit('p', expect1)).committed).toBe(true)
      expect(await serverTtl()).toEqual([37, 37, 37])
      const row = (await kv.get('p', 'a'))!
      const compare = { expect: [{ key: 'a', rev: row.rev }], put: [{ key: 'b', value: '1' }] }
      expect((await kv.commit('p', compare)).committed).toBe(true)
      expect(await kv.get('p', 'a')).toEqual(row)
      expect(await serverTtl()).toEqual([37, 37, 37])
      await kv.commit('p', { put: [{ key: 'a', value: '3' }] })
      expect(await serverTtl()).toEqual([null, null, null])
    })

    test('a scan of many pages is complete in both directions, also over expired rows', async () => {
      let nowMs = systemClock.now()
      const kv = await lab.openFresh({ ...systemClock, now: () => nowMs })
      const keys = Array.from({ length: 1_200 }, (_, index) => String(index).padStart(4, '0'))
      for (let index = 0; index < keys.length; index += 400) {
        const put = keys.slice(index, index + 400).map((key) => ({ key, value: key, ttl: 10 }))
        await kv.commit('p', {
          put: put.map((row, at) => (at % 2 === 0 ? row : { key: row.key, value: row.value })),
        })
      }
      const read = async (limit: number, reverse: boolean) =>
        (await kv.scan('p', { from: '', to: 'z', limit, reverse })).map(({ key }) => key)
      expect(await read(5_000, false)).toEqual(keys)
      expect(await read(1_001, true)).toEqual(keys.toReversed().slice(0, 1_001))
      nowMs += 10_000
      const left = keys.filter((_, index) => index % 2 === 1)
      expect(await read(5_000, false)).toEqual(left)
      expect(await read(550, true)).toEqual(left.toReversed().slice(0, 550))
    })
  })

  registerFacts(lab, 'the server', serverFacts)
  registerFacts(lab, 'unknown outcomes', unknownOutcomeFacts)
  registerFacts(lab, 'opening', openingFacts)
}
