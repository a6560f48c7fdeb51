import { expect } from 'bun:test'
import { type Client, types } from 'cassandra-driver'
import { migrateCassandra } from '../kv.cassandra.migrate.ts'
import type { CassandraLab, Facts } from './cassandra-lab.ts'

const OPTIONS = {
  prepare: true,
  consistency: types.consistencies.quorum,
  serialConsistency: types.consistencies.serial,
}

/** A table of the engine, and statements against it without the engine; `*` in them is the table. */
class Table {
  readonly #client: Client
  readonly #name: string

  constructor(client: Client, name: string) {
    this.#client = client
    this.#name = name
  }

  static async of(lab: CassandraLab): Promise<Table> {
    const options = lab.target()
    await migrateCassandra(options)
    return new Table(await lab.plainClient(), `${options.keyspace}.kv`)
  }

  /** One conditional batch. @returns the rows of the answer, or the words of the refusal */
  async batch(...statements: readonly string[]): Promise<unknown> {
    try {
      const queries = statements.map((statement) => ({ query: statement.replace('*', this.#name) }))
      return (await this.#client.batch(queries, OPTIONS)).rows.map((row) => ({ ...row }))
    } catch (error) {
      return (error as Error).message
    }
  }

  /** Server ttls of a row, in hundreds of seconds. */
  async ttls(key: string): Promise<unknown[]> {
    const query = `SELECT TTL(v) AS v, TTL(rev) AS rev FROM ${this.#name} WHERE p = 'p' AND k = '${key}'`
    const { rows } = await this.#client.execute(query)
    return rows.map((row) => [row['v'], row['rev']].map((seconds) => seconds && Math.round(seconds / 100)))
  }
}

const applied = [{ '[applied]': true }]
const conflict = (rev: string) => [{ '[applied]': false, p: 'p', k: 'a', rev }]

/** What the engine takes for granted of the server. */
export const serverFacts: Facts = {
  'IF rev = null is true of a row that is not there, in DELETE and UPDATE, and shows the one that is': async (
    lab,
  ) => {
    const table = await Table.of(lab)
    const remove = "DELETE FROM * WHERE p = 'p' AND k = 'a' IF rev = null"
    const insert = "UPDATE * SET v = '1', rev = 'r1' WHERE p = 'p' AND k = 'a' IF rev = null"
    expect(await table.batch(remove)).toEqual(applied)
    expect(await table.batch(insert)).toEqual(applied)
    for (const statement of [remove, insert]) {
      expect(await table.batch(statement, "DELETE FROM * WHERE p = 'p' AND k = 'b'")).toEqual(conflict('r1'))
    }
  },

  'an expectation alone costs a row its ttl when it sets the same rev, and nothing when it deletes the guard':
    async (lab) => {
      const table = await Table.of(lab)
      for (const key of ['a', 'b']) {
        await table.batch(
          `UPDATE * USING TTL 1000 SET v = '1', rev = 'r' WHERE p = 'p' AND k = '${key}' IF rev = null`,
        )
      }
      await table.batch("UPDATE * SET rev = 'r' WHERE p = 'p' AND k = 'a' IF rev = 'r'")
      await table.batch("DELETE guard FROM * WHERE p = 'p' AND k = 'b' IF rev = 'r'")
      expect(await table.ttls('a')).toEqual([[10, null]])
      expect(await table.ttls('b')).toEqual([[10, 10]])
    },

  'a conditional batch has one partition and no timestamps of its own': async (lab) => {
    const table = await Table.of(lab)
    const insert = (partition: string, using = '') =>
      `UPDATE * ${using} SET v = '1', rev = 'r' WHERE p = '${partition}' AND k = 'a' IF rev = null`
    expect(await table.batch(insert('p'), insert('q'))).toContain('cannot span multiple partitions')
    expect(await table.batch(insert('p', 'USING TIMESTAMP 5'))).toContain('Cannot provide custom timestamp')
  },

  'a conditional batch may be larger than batch_size_fail_threshold': async (lab) => {
    const kv = await lab.openFresh()
    const put = Array.from({ length: 20 }, (_, index) => ({ key: `${index}`, value: 'x'.repeat(50 * 1024) }))
    const expectAbsent = put.map(({ key }) => ({ key, rev: null }))
    expect((await kv.commit('p', { expect: expectAbsent, put })).committed).toBe(true)
  },
}
