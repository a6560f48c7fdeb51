import { hash } from 'node:crypto'
import { type Client, types } from 'cassandra-driver'
import { CassandraOpenError, isUnknownTable } from './kv.cassandra.errors.ts'
import { nameOf } from './kv.cassandra.connect.ts'
import type { CassandraTarget } from './kv.cassandra.target.ts'

export interface Migration {
  readonly version: number
  /** Each may be repeated after an interruption, and carried out by several at once. */
  readonly statements: (keyspace: string) => readonly string[]
}

/** Forward only; servers of the version before must be able to go on beside the newest. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    statements: (keyspace) => [
      `CREATE TABLE IF NOT EXISTS ${keyspace}.meta (name text PRIMARY KEY, value text)
WITH ID = '${tableId(keyspace, 'meta')}'`,
      // `guard` is never set; deleting it is how a batch compares a row that it does not write.
      `CREATE TABLE IF NOT EXISTS ${keyspace}.kv (
  p text, k text, v text, rev text, expires bigint, guard boolean,
  PRIMARY KEY ((p), k)
) WITH ID = '${tableId(keyspace, 'kv')}'`,
    ],
  },
]

export const SCHEMA_VERSION = MIGRATIONS.at(-1)?.version ?? 0
const VERSION_ROW = 'schema_version'
const { quorum, serial } = types.consistencies

/** Reads of all columns of the newest schema, which a node carries out that knows them. */
export function probes(keyspace: string): readonly string[] {
  return [
    `SELECT name, value FROM ${keyspace}.meta WHERE name = '-'`,
    `SELECT p, k, v, rev, expires, guard FROM ${keyspace}.kv WHERE p = '-' AND k = '-'`,
  ]
}

/**
 * A UUID (version 5) made of the names. Two who create a table at once, each at another node, would make two tables
 * of different ids, of which one is dropped with what it holds; with the same id they make the same table.
 */
function tableId(keyspace: string, table: string): string {
  const digits = hash('sha1', `tam:${keyspace}.${table}`, 'hex')
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `5${digits.slice(13, 16)}`,
    `8${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-')
}

/** The version of the tables, 0 when there are none, or when the node that is asked does not know them yet. */
export async function readSchemaVersion(client: Client, keyspace: string): Promise<number> {
  const tables = await client.execute(
    'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?',
    [keyspace, 'meta'],
    { prepare: true, isIdempotent: true },
  )
  return tables.rowLength === 0 ? 0 : readVersionRow(client, keyspace)
}

async function readVersionRow(client: Client, keyspace: string): Promise<number> {
  const query = `SELECT value FROM ${keyspace}.meta WHERE name = ?`
  try {
    const found = await client.execute(query, [VERSION_ROW], { prepare: true, consistency: serial })
    return Number(found.rows[0]?.['value'] ?? 0)
  } catch (error) {
    if (isUnknownTable(error)) {
      return 0
    }
    throw error
  }
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

/**
 * Raises the version row to `to`; another migration may have brought it there already, or further.
 * @throws when it is still lower: worth another try
 */
export async function raiseSchemaVersion(client: Client, keyspace: string, to: number): Promise<void> {
  const options = { prepare: true, consistency: quorum, serialConsistency: serial, isIdempotent: false }
  const from = await readSchemaVersion(client, keyspace)
  if (from === 0) {
    const insert = `INSERT INTO ${keyspace}.meta (name, value) VALUES (?, ?) IF NOT EXISTS`
    await client.execute(insert, [VERSION_ROW, String(to)], options)
  } else if (from < to) {
    const update = `UPDATE ${keyspace}.meta SET value = ? WHERE name = ? IF value = ?`
    await client.execute(update, [String(to), VERSION_ROW, String(from)], options)
  }
  const now = await readSchemaVersion(client, keyspace)
  if (now < to) {
    throw new Error(`the tables still have schema ${now}`)
  }
}
