import { type Client, types } from 'cassandra-driver'
import { CassandraOpenError } from './kv.cassandra.errors.ts'
import { nameOf } from './kv.cassandra.connect.ts'
import type { CassandraTarget } from './kv.cassandra.target.ts'

export interface Migration {
  readonly version: number
  /** Each may be repeated after an interruption. */
  readonly statements: (keyspace: string) => readonly string[]
}

/** Forward only; servers of the version before must be able to go on beside the newest. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    statements: (keyspace) => [
      `CREATE TABLE IF NOT EXISTS ${keyspace}.meta (name text PRIMARY KEY, value text)`,
      // `guard` is never set; deleting it is how a batch compares a row that it does not write.
      `CREATE TABLE IF NOT EXISTS ${keyspace}.kv (
  p text, k text, v text, rev text, expires bigint, guard boolean,
  PRIMARY KEY ((p), k)
)`,
    ],
  },
]

export const SCHEMA_VERSION = MIGRATIONS.at(-1)?.version ?? 0
const VERSION_ROW = 'schema_version'
const { quorum, serial } = types.consistencies

/** The version of the tables, 0 when there are none. */
export async function readSchemaVersion(client: Client, keyspace: string): Promise<number> {
  const tables = await client.execute(
    'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?',
    [keyspace, 'meta'],
    { prepare: true, isIdempotent: true },
  )
  if (tables.rowLength === 0) {
    return 0
  }
  const query = `SELECT value FROM ${keyspace}.meta WHERE name = ?`
  const found = await client.execute(query, [VERSION_ROW], { prepare: true, consistency: serial })
  return Number(found.rows[0]?.['value'] ?? 0)
}

/** @throws {CassandraOpenError} schema_older, schema_newer */
export async function checkSchema(client: Client, target: CassandraTarget): Promise<void> {
  const version = await readSchemaVersion(client, target.keyspace)
  const where = `${nameOf(target)}, keyspace ${target.keyspace}`
  if (version > SCHEMA_VERSION) {
    throw schemaNewer(where, version)
  }
  if (version < SCHEMA_VERSION) {
    const found = version === 0 ? 'there are no tables yet' : `the tables have schema ${version}`
    const message = `${found}, this version needs ${SCHEMA_VERSION}; run "tam migrate"`
    throw new CassandraOpenError('schema_older', where, message)
  }
}

export function schemaNewer(where: string, version: number): CassandraOpenError {
  const message = `made by a newer version (schema ${version}, this one knows ${SCHEMA_VERSION}); start that version`
  return new CassandraOpenError('schema_newer', where, message)
}

/** Moves the version row from one number to the next; of two who try, one finds it moved already. */
export async function writeSchemaVersion(
  client: Client,
  keyspace: string,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const options = { prepare: true, consistency: quorum, serialConsistency: serial, isIdempotent: false }
  if (from === 0) {
    const insert = `INSERT INTO ${keyspace}.meta (name, value) VALUES (?, ?) IF NOT EXISTS`
    await client.execute(insert, [VERSION_ROW, String(to)], options)
  } else {
    const update = `UPDATE ${keyspace}.meta SET value = ? WHERE name = ? IF value = ?`
    await client.execute(update, [String(to), VERSION_ROW, String(from)], options)
  }
}
