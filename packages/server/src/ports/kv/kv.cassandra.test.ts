/*
 * The engine against a real Cassandra of one node. Only with TAM_TEST_CASSANDRA=1: it starts processes of a gigabyte.
 */
import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { auth, Client } from 'cassandra-driver'
import { type Clock, systemClock, systemRandom } from '@tam/util'
import type { CassandraCluster } from '../../../../../tools/engines/cassandra/cluster.ts'
import { createLog } from '../../log/create-log.ts'
import { kvContract } from './kv.contract.ts'
import type { CassandraOpenError } from './kv.cassandra.errors.ts'
import { migrateCassandra } from './kv.cassandra.migrate.ts'
import type { OpenOptions } from './kv.cassandra.options.ts'
import { SCHEMA_VERSION } from './kv.cassandra.schema.ts'
import { type CassandraKvOptions, openCassandraKv } from './kv.cassandra.ts'
import { clusterForTests } from './tests/cassandra-cluster.ts'
import { type Kv, UnknownOutcome } from './kv.ts'

/** A busy machine takes seconds for a keyspace. */
const TIMEOUT_MS = 120_000

const startOneNode = await clusterForTests({ nodes: 1, passwords: true, tls: true })

if (startOneNode !== undefined) {
  setDefaultTimeout(TIMEOUT_MS)
  let cluster: CassandraCluster
  const cleanups: (() => unknown)[] = []

  beforeAll(async () => {
    cluster = await startOneNode()
  })
  afterAll(() => cluster[Symbol.asyncDispose]())
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) {
      await cleanup()
    }
  })

  let keyspaces = 0
  /** A keyspace of its own, not created yet. */
  const target = (more: Partial<OpenOptions> = {}): OpenOptions => ({
    contactPoints: cluster.contactPoints,
    localDataCenter: cluster.localDataCenter,
    keyspace: `tam_${++keyspaces}`,
    credentials: cluster.credentials!,
    clock: systemClock,
    random: systemRandom,
    connectDeadlineMs: 10_000,
    ...more,
  })

  const open = async (options: CassandraKvOptions): Promise<Kv> => {
    const kv = await openCassandraKv(options)
    cleanups.push(() => kv.close())
    return kv
  }

  const openFresh = async (clock: Clock = systemClock): Promise<Kv> => {
    const options = target({ clock })
    await migrateCassandra(options)
    return open(options)
  }

  /** A plain client, to look behind the engine. */
  const plainClient = async (): Promise<Client> => {
    const { username, password } = cluster.credentials!
    const client = new Client({
      contactPoints: [...cluster.contactPoints],
      localDataCenter: cluster.localDataCenter,
      authProvider: new auth.PlainTextAuthProvider(username, password),
    })
    await client.connect()
    cleanups.push(() => client.shutdown())
    return client
  }

  const refusal = async (opening: Promise<unknown>): Promise<CassandraOpenError> =>
    opening.then(
      () => expect.unreachable(),
      (error: CassandraOpenError) => error,
    )

  kvContract('cassandra', openFresh)

  describe('cassandra: commits', () => {
    test('the largest batch of the log goes through: 64 entries of 48 KiB together', async () => {
      const kv = await openFresh()
      const keys = Array.from({ length: 64 }, (_, index) => [`m/${index}`, `d/${index}`]).flat()
      const put = keys.map((key) => ({ key, value: key.startsWith('m') ? 'ế'.repeat(768) : '1' }))
      const change = { expect: keys.map((key) => ({ key, rev: null })), put }
      expect((await kv.commit('p', change)).committed).toBe(true)
      expect(await kv.scan('p', { from: '', to: 'z', limit: 1_000 })).toHaveLength(128)
      const again = await kv.commit('p', change)
      expect(again.committed ? [] : again.conflicts).toHaveLength(128)
    })

    test('a row with a ttl that is only compared, or written again, neither outlives its values nor loses them', async () => {
      const options = target()
      await migrateCassandra(options)
      const kv = await open(options)
      const client = await plainClient()
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
      const kv = await openFresh({ ...systemClock, now: () => nowMs })
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

    test('two servers that append to one conversation at once lose and double nothing', async () => {
      const options = target()
      await migrateCassandra(options)
      const logs = await Promise.all(
        [1, 2].map(async () =>
          createLog({
            kv: await open(options),
            clock: systemClock,
            random: systemRandom,
            onCommitted: () => {},
            bucketSize: 50,
          }),
        ),
      )
      const appends = Array.from({ length: 120 }, (_, index) => {
        const cid = `cid-${index}`
        const request = { author: 'a', cid, sha: cid, base: 0, body: `"cid":"${cid}"}` }
        // Every third is sent to both servers.
        return (index % 3 === 0 ? logs : [logs[index % 2]!]).map((log) => log.append('c', request))
      })
      const results = await Promise.all(appends.map((both) => Promise.all(both)))
      const entries = (await logs[0]!.read('c', 1, 1_000)).map(
        (text) => JSON.parse(text) as { seq: number; cid: string },
      )
      expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1))
      results.forEach((acks, index) => {
        const { seq } = entries.find(({ cid }) => cid === `cid-${index}`)!
        expect(acks.map((ack) => ack.ok && ack.seq)).toEqual(acks.map(() => seq))
      })
    })
  })

  describe('cassandra: unknown outcomes', () => {
    test('no answer in time is an unknown outcome, and asking again tells what became of it', async () => {
      const options = target()
      await migrateCassandra(options)
      const patient = await open(options)
      const hasty = await open({ ...options, requestTimeoutMs: 1 })
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
      expect(String(unknown[0]!.first)).toContain('no certain answer to a commit: ')
    })

    test('a node that stands still makes commits unknown and reads fail; both go on when it does', async () => {
      const kv = await openFresh()
      await kv.commit('p', { put: [{ key: 'a', value: '1' }] })
      cluster.pause(0)
      cleanups.push(() => cluster.resume(0))
      const change = { expect: [{ key: 'b', rev: null }], put: [{ key: 'b', value: '1' }] }
      const [commit, read] = await Promise.all(
        [kv.commit('p', change), kv.get('p', 'a')].map((asked) => asked.catch((error: unknown) => error)),
      )
      expect(commit).toBeInstanceOf(UnknownOutcome)
      expect(read).toMatchObject({ name: 'CassandraUnavailable' })
      cluster.resume(0)
      expect((await kv.get('p', 'a'))?.value).toBe('1')
      await kv.commit('p', change)
      expect((await kv.get('p', 'b'))?.value).toBe('1')
    })

    test('what was acknowledged survives kill -9 of the only node, and the engine finds the node again', async () => {
      const kv = await openFresh()
      const acknowledged: string[] = []
      const unknown: unknown[] = []
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        for (let index = 0; unknown.length === 0; index++) {
          const key = `${writer}/${index}`
          const change = { expect: [{ key, rev: null }], put: [{ key, value: key }] }
          await kv.commit(`w${writer}`, change).then(
            () => acknowledged.push(key),
            (error: unknown) => unknown.push(error),
          )
        }
      })
      await Bun.sleep(1_500)
      await cluster.kill(0)
      await Promise.all(writers)
      expect(acknowledged.length).toBeGreaterThan(0)
      expect(unknown.every((error) => error instanceof UnknownOutcome)).toBe(true)
      await cluster.start(0)
      const refs = acknowledged.map((key) => ({ partition: `w${key.split('/')[0]}`, key }))
      let rows: unknown[] = []
      for (let attempt = 0; rows.length === 0 && attempt < 5; attempt++) {
        rows = await kv.getMany(refs).catch(() => [])
      }
      expect(rows).toMatchObject(acknowledged.map((value) => ({ value })))
    })

    test('closing finishes what was accepted and refuses the rest', async () => {
      const options = target()
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
    })
  })

  describe('cassandra: opening', () => {
    test('a cluster that does not answer is tried until the deadline, with a line each time', async () => {
      const lines: string[] = []
      const contactPoints = ['127.0.0.1:1']
      const options = target({
        contactPoints,
        connectDeadlineMs: 1_500,
        onNotice: (line) => lines.push(line),
      })
      const error = await refusal(openCassandraKv(options))
      expect(error.problem).toBe('unreachable')
      expect(error.message).toBe(
        'Cassandra at 127.0.0.1:1: no answer within 2 s (connect ECONNREFUSED 127.0.0.1:1); check that it runs and that TAM_KV_URL names it',
      )
      expect(lines.length).toBeGreaterThan(0)
      expect(lines[0]).toBe(
        'Cassandra at 127.0.0.1:1: no answer yet (connect ECONNREFUSED 127.0.0.1:1); trying again',
      )
    })

    test('wrong and missing credentials are refused at once', async () => {
      const credentials = { username: 'cassandra', password: 'sai' }
      const wrong = await refusal(openCassandraKv(target({ credentials })))
      expect(wrong.problem).toBe('credentials')
      expect(wrong.message).toContain('username cassandra and/or password are incorrect')
      expect(wrong.message).not.toContain('sai')
      const { credentials: _, ...anonymous } = target()
      expect((await refusal(openCassandraKv(anonymous))).problem).toBe('credentials')
    })

    test('a data centre that is not there is refused with those that are', async () => {
      const error = await refusal(openCassandraKv(target({ localDataCenter: 'hà-nội' })))
      expect(error.problem).toBe('data_center')
      expect(error.message).toContain('datacenter1')
    })

    test('TLS works with the right certificate, and with no other', async () => {
      const options = target({ tls: { caPath: cluster.certificatePath! } })
      await migrateCassandra(options)
      const kv = await open(options)
      const value = 'Chào buổi sáng '.repeat(4_000)
      await kv.commit('p', { put: [{ key: 'a', value }] })
      expect((await kv.get('p', 'a'))?.value).toBe(value)
      const untrusted = await refusal(openCassandraKv({ ...options, tls: {} }))
      expect(untrusted.problem).toBe('tls')
      const missing = await refusal(openCassandraKv({ ...options, tls: { caPath: '/không/có.pem' } }))
      expect(missing.message).toContain('the certificate /không/có.pem cannot be read')
    })

    test('tables that are missing, and tables of a newer version, are refused with what to do', async () => {
      const options = target()
      const missing = await refusal(openCassandraKv(options))
      expect(missing.problem).toBe('schema_older')
      expect(missing.message).toContain('there are no tables yet, this version needs 1; run "tam migrate"')
      await migrateCassandra(options)
      const client = await plainClient()
      await client.execute(
        `UPDATE ${options.keyspace}.meta SET value = '9' WHERE name = 'schema_version' IF value = '1'`,
      )
      for (const opening of [openCassandraKv, migrateCassandra]) {
        const error = await refusal(opening(options))
        expect(error.problem).toBe('schema_newer')
        expect(error.message).toContain(
          'made by a newer version (schema 9, this one knows 1); start that version',
        )
      }
    })

    test('a dry run names the statements and changes nothing; a migration repeated does nothing', async () => {
      const options = target()
      const planned = await migrateCassandra({ ...options, dryRun: true })
      expect(planned).toMatchObject({ from: 0, to: SCHEMA_VERSION })
      expect(planned.statements[0]).toContain(`CREATE KEYSPACE IF NOT EXISTS ${options.keyspace}`)
      expect(planned.statements[0]).toContain("'datacenter1': 1")
      expect((await refusal(openCassandraKv(options))).problem).toBe('schema_older')
      expect(await migrateCassandra(options)).toEqual(planned)
      const again = await migrateCassandra(options)
      expect(again).toEqual({ from: SCHEMA_VERSION, to: SCHEMA_VERSION, statements: [] })
    })

    test('an interrupted migration is finished by the next', async () => {
      const options = target()
      const { statements } = await migrateCassandra({ ...options, dryRun: true })
      const client = await plainClient()
      for (const statement of statements) {
        await client.execute(statement)
        expect((await refusal(openCassandraKv(options))).problem).toBe('schema_older')
      }
      expect((await migrateCassandra(options)).from).toBe(0)
      const kv = await open(options)
      expect((await kv.commit('p', {})).committed).toBe(true)
    })
  })
}
