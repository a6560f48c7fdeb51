import { expect } from 'bun:test'
import { must } from '@tam/util'
import { inspectCassandra, weaknesses } from '../kv.cassandra.inspect.ts'
import { migrateCassandra } from '../kv.cassandra.migrate.ts'
import { SCHEMA_VERSION } from '../kv.cassandra.schema.ts'
import { openCassandraKv } from '../kv.cassandra.ts'
import { type Facts, refusal } from './cassandra-lab.ts'

/** Starting against a cluster that is not as it should be, and making its tables. */
export const openingFacts: Facts = {
  'a cluster that does not answer is tried until the deadline, with a line each time': async (lab) => {
    const lines: string[] = []
    const contactPoints = ['127.0.0.1:1']
    const options = lab.target({
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
  },

  'wrong and missing credentials are refused at once': async (lab) => {
    const credentials = { username: 'cassandra', password: 'sai' }
    const wrong = await refusal(openCassandraKv(lab.target({ credentials })))
    expect(wrong.problem).toBe('credentials')
    expect(wrong.message).toContain('username cassandra and/or password are incorrect')
    expect(wrong.message).not.toContain('sai')
    const { credentials: _, ...anonymous } = lab.target()
    expect((await refusal(openCassandraKv(anonymous))).problem).toBe('credentials')
  },

  'a role that may read and write its keyspace is enough; one that may not is told so': async (lab) => {
    const options = lab.target()
    await migrateCassandra(options)
    const client = await lab.plainClient()
    const createRole = async (username: string) => {
      const password = "mật khẩu / '?"
      const quoted = password.replaceAll("'", "''")
      await client.execute(`CREATE ROLE ${username} WITH LOGIN = true AND PASSWORD = '${quoted}'`)
      return { username, password }
    }
    const stranger = await createRole(`stranger_${options.keyspace}`)
    const denied = await refusal(openCassandraKv({ ...options, credentials: stranger }))
    expect(denied.problem).toBe('credentials')
    expect(denied.message).toContain('has no SELECT permission on <table')
    const credentials = await createRole(`server_${options.keyspace}`)
    for (const permission of ['SELECT', 'MODIFY']) {
      await client.execute(`GRANT ${permission} ON KEYSPACE ${options.keyspace} TO ${credentials.username}`)
    }
    const kv = await lab.open({ ...options, credentials })
    expect((await kv.commit('p', { put: [{ key: 'a', value: '1' }] })).committed).toBe(true)
    expect((await kv.get('p', 'a'))?.value).toBe('1')
  },

  'a data centre that is not there is refused with those that are': async (lab) => {
    const error = await refusal(openCassandraKv(lab.target({ localDataCenter: 'hà-nội' })))
    expect(error.problem).toBe('data_center')
    expect(error.message).toContain('datacenter1')
  },

  'TLS works with the right certificate, and with no other': async (lab) => {
    const options = lab.target({ tls: { caPath: must(lab.cluster.certificatePath) } })
    await migrateCassandra(options)
    const kv = await lab.open(options)
    const value = 'Chào buổi sáng '.repeat(4_000)
    await kv.commit('p', { put: [{ key: 'a', value }] })
    expect((await kv.get('p', 'a'))?.value).toBe(value)
    const untrusted = await refusal(openCassandraKv({ ...options, tls: {} }))
    expect(untrusted.problem).toBe('tls')
    const missing = await refusal(openCassandraKv({ ...options, tls: { caPath: '/không/có.pem' } }))
    expect(missing.message).toContain('the certificate /không/có.pem cannot be read')
  },

  'settings of the cluster that weaken a promise are told in one line each': async (lab) => {
    const lines: string[] = []
    const options = lab.target({ onNotice: (line) => lines.push(line) })
    await migrateCassandra(options)
    await lab.open(options)
    expect(lines).toEqual([])
    const client = await lab.plainClient()
    const facts = await inspectCassandra(client, options)
    expect(facts).toEqual({ release: '5.0.5', nodes: 1, replicas: 1, commitlogSync: 'group' })
    expect(weaknesses({ ...facts, nodes: 3, commitlogSync: 'periodic' })).toHaveLength(2)
  },

  'tables that are missing, and tables of a newer version, are refused with what to do': async (lab) => {
    const options = lab.target()
    const missing = await refusal(openCassandraKv(options))
    expect(missing.problem).toBe('schema_older')
    expect(missing.message).toContain('there are no tables yet, this version needs 1; run "tam migrate"')
    await migrateCassandra(options)
    const client = await lab.plainClient()
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
  },

  'a dry run names the statements and changes nothing; a migration repeated does nothing': async (lab) => {
    const options = lab.target()
    const planned = await migrateCassandra({ ...options, dryRun: true })
    expect(planned).toMatchObject({ from: 0, to: SCHEMA_VERSION })
    expect(planned.statements[0]).toContain(`CREATE KEYSPACE IF NOT EXISTS ${options.keyspace}`)
    expect(planned.statements[0]).toContain("'datacenter1': 1")
    expect((await refusal(openCassandraKv(options))).problem).toBe('schema_older')
    expect(await migrateCassandra(options)).toEqual(planned)
    const again = await migrateCassandra(options)
    expect(again).toEqual({ from: SCHEMA_VERSION, to: SCHEMA_VERSION, statements: [] })
  },

  'an interrupted migration is finished by the next': async (lab) => {
    const options = lab.target()
    const { statements } = await migrateCassandra({ ...options, dryRun: true })
    const client = await lab.plainClient()
    for (const statement of statements) {
      await client.execute(statement)
      expect((await refusal(openCassandraKv(options))).problem).toBe('schema_older')
    }
    expect((await migrateCassandra(options)).from).toBe(0)
    const kv = await lab.open(options)
    expect((await kv.commit('p', {})).committed).toBe(true)
  },
}
