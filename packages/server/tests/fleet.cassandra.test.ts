/*
 * `tam migrate` and servers over a real Cassandra and a real Redis. Only with TAM_TEST_CASSANDRA=1: it starts a process
 * of a gigabyte.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type CassandraCluster, startCassandra } from '../../../tools/engines/cassandra/cluster.ts'
import { Fleet, type Person } from './fleet.ts'
import { newFolder, refusedStart } from './spawned-server.ts'

const suite = process.env.TAM_TEST_CASSANDRA === '1' ? describe : describe.skip
const SLOW_MS = 240_000

suite('a fleet on Cassandra', () => {
  let cassandra: CassandraCluster
  let fleet: Fleet
  beforeAll(async () => {
    ;[cassandra, fleet] = await Promise.all([startCassandra({ nodes: 1, passwords: true }), Fleet.start()])
  }, SLOW_MS)
  afterAll(async () => {
    await fleet[Symbol.asyncDispose]()
    await cassandra[Symbol.asyncDispose]()
  })

  const urlOf = (keyspace: string, password = 'cassandra') =>
    `cassandra://cassandra:${password}@${cassandra.contactPoints.join(',')}/${keyspace}`
  const migrate = (url: string, ...parameters: string[]) =>
    refusedStart({ TAM_KV_URL: url, TAM_DATA_DIR: newFolder() }, ['migrate', ...parameters])
  const refusal = (url: string) =>
    fleet.serve('chat', { TAM_KV_URL: url }).then(
      () => 'served',
      (error: Error) => error.message,
    )

  test(
    'migrate makes the tables, once; servers say so when they are missing',
    async () => {
      const url = urlOf('tam')
      const dry = await migrate(url, '--dry-run')
      expect([dry.code, dry.said]).toEqual([0, expect.stringContaining('CREATE TABLE')])
      expect(await refusal(url)).toMatch(/^ended 1: [^]*there are no tables yet[^]*run "tam migrate"/)
      const first = await migrate(url)
      expect([first.code, first.said]).toEqual([0, expect.stringContaining('the schema was 0 and is 1')])
      const second = await migrate(url)
      expect([second.code, second.said]).toEqual([0, 'the schema was 1 and is 1\n'])
    },
    SLOW_MS,
  )

  test(
    'wrong credentials and an unknown data centre end the start with their reasons',
    async () => {
      expect(await refusal(urlOf('tam', 'sai'))).toMatch(/^ended 1: [^]*check the user name and password/)
      expect(await refusal(`${urlOf('tam')}?dc=elsewhere`)).toMatch(/^ended 1: [^]*dc= in TAM_KV_URL/)
      const { code, said } = await migrate(urlOf('tam', 'sai'))
      expect([code, said]).toEqual([1, expect.stringContaining('check the user name and password')])
      expect(said).not.toContain('sai@')
    },
    SLOW_MS,
  )

  test(
    'servers that start together on an empty store agree, and people talk across them',
    async () => {
      const settings = { TAM_KV_URL: urlOf('tam'), TAM_ADMIN_PORT: '0' }
      const [api, one, two] = await Promise.all(
        ['api', 'chat', 'chat'].map((role) => fleet.serve(role, settings)),
      )
      const people: Person[] = []
      for (const [username, name] of [
        ['thi.an', 'Nguyễn Thị Ân'],
        ['tran.binh', 'Trần Bình'],
      ] as const) {
        people.push(await fleet.register(api!, username, name))
      }
      const [an, binh] = people as [Person, Person]
      const body = { kind: 'direct', userId: binh.id }
      const { conversation } = await fleet.call(api!, 'POST', '/api/conversations', body, an.token)
      const { id: conv } = conversation as { id: string }
      const [client, other] = await Promise.all([fleet.connect(one!, an), fleet.connect(two!, binh)])
      const cid = crypto.randomUUID()
      const { seq } = await client.ask({ t: 'send', conv, cid, text: 'Chào Bình' })
      expect(await other.entry(conv, Number(seq))).toMatchObject({ text: 'Chào Bình' })
      expect(one!.said).not.toContain('the clock of this machine is off')
    },
    SLOW_MS,
  )
})
