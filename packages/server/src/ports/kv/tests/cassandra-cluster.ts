import { expect } from 'bun:test'
import { migrateCassandra } from '../kv.cassandra.migrate.ts'
import { SCHEMA_VERSION, raiseSchemaVersion, readSchemaVersion } from '../kv.cassandra.schema.ts'
import { type Kv, UnknownOutcome } from '../kv.ts'
import type { CassandraLab, Facts } from './cassandra-lab.ts'

/** Commits while a node stands still. */
const COMMITS = 30
const PARTITIONS = 6

/** What only several nodes can show. */
export const clusterFacts: Facts = {
  'three migrations at once make one set of tables, and nothing written meanwhile is lost': async (lab) => {
    const options = lab.target()
    const { statements } = await migrateCassandra({ ...options, dryRun: true })
    const migrators = lab.cluster.contactPoints.map(async (contactPoint) => {
      const own = { ...options, contactPoints: [contactPoint] }
      expect((await migrateCassandra(own)).to).toBe(SCHEMA_VERSION)
      // Who is through begins to write, while the others may still be at it.
      const kv = await lab.open(own)
      await insertUntilKnown(kv, 'p', contactPoint)
    })
    await Promise.all(migrators)
    const planned = statements.flatMap((statement) => /ID = '(.+)'/.exec(statement)?.[1] ?? [])
    const byNode = await tableIds(lab, options.keyspace)
    expect(byNode).toEqual(lab.cluster.contactPoints.map(() => planned.toSorted()))
    const kv = await lab.open(options)
    expect(await kv.scan('p', { from: '', to: 'z', limit: 9 })).toHaveLength(migrators.length)
  },

  'a version row that another migration has raised further stays; a lower one is raised': async (lab) => {
    const options = lab.target()
    await migrateCassandra(options)
    const client = await lab.plainClient()
    await raiseSchemaVersion(client, options.keyspace, 7)
    await raiseSchemaVersion(client, options.keyspace, 3)
    expect(await readSchemaVersion(client, options.keyspace)).toBe(7)
  },

  'with one node standing still commits become unknown, then certain; what it does later changes nothing':
    async (lab) => {
      const kv = await lab.openFresh()
      lab.cluster.pause(1)
      lab.onEnd(() => lab.cluster.resume(1))
      const writers = Array.from({ length: PARTITIONS }, async (_, partition) => {
        let unknown = 0
        for (let index = 0; index < COMMITS; index++) {
          unknown += await insertUntilKnown(kv, `p${partition}`, String(index))
        }
        return unknown
      })
      const unknown = await Promise.all(writers)
      expect(unknown.reduce((sum, count) => sum + count)).toBeGreaterThan(0)
      const read = () => Promise.all(writers.map((_, partition) => allRows(kv, `p${partition}`)))
      const before = await read()
      expect(before.map((rows) => rows.length)).toEqual(writers.map(() => COMMITS))
      lab.cluster.resume(1)
      await lab.cluster.answers(1)
      expect(await read()).toEqual(before)
    },
}

/** Inserts a row, and again while the outcome is not known. @returns how often it was not */
async function insertUntilKnown(kv: Kv, partition: string, key: string): Promise<number> {
  const change = { expect: [{ key, rev: null }], put: [{ key, value: key }] }
  for (let unknown = 0; ; unknown++) {
    try {
      const { committed } = await kv.commit(partition, change)
      // Nobody else writes the row: whatever is in the way is an earlier attempt.
      expect(committed || unknown > 0).toBe(true)
      return unknown
    } catch (error) {
      expect(error).toBeInstanceOf(UnknownOutcome)
    }
  }
}

function allRows(kv: Kv, partition: string) {
  return kv.scan(partition, { from: '', to: 'z', limit: 10 * COMMITS })
}

/** Ids of the tables, as each node knows them. */
async function tableIds(lab: CassandraLab, keyspace: string): Promise<string[][]> {
  const client = await lab.plainClient()
  const query = `SELECT id FROM system_schema.tables WHERE keyspace_name = '${keyspace}'`
  const answers = client.hosts.values().map((host) => client.execute(query, [], { host }))
  return (await Promise.all(answers)).map(({ rows }) => rows.map((row) => String(row['id'])).sort())
}
