import { type Client, types } from 'cassandra-driver'
import { type ConnectOptions, connect, nameOf, patiently } from './kv.cassandra.connect.ts'
import { replicationOf } from './kv.cassandra.inspect.ts'
import { type OpenOptions, connectOptions } from './kv.cassandra.options.ts'
import {
  MIGRATIONS,
  SCHEMA_VERSION,
  raiseSchemaVersion,
  readSchemaVersion,
  schemaNewer,
} from './kv.cassandra.schema.ts'
import type { CassandraTarget } from './kv.cassandra.target.ts'

/** Milliseconds: every node takes part in a change of the schema. */
const SCHEMA_TIMEOUT_MS = 30_000
const SCHEMA_CHANGE = {
  consistency: types.consistencies.quorum,
  isIdempotent: true,
  readTimeout: SCHEMA_TIMEOUT_MS,
}
const REPLICAS_WANTED = 3

export interface MigrateOptions extends OpenOptions {
  /** Only say what would be done. */
  readonly dryRun?: boolean
}

export interface MigrationReport {
  /** Version of the schema before and after; 0 is an empty cluster. */
  readonly from: number
  readonly to: number
  /** What was carried out, or would be with `dryRun`; empty when the schema is the newest. */
  readonly statements: readonly string[]
}

/**
 * Creates the keyspace and the tables, or brings them up to date. Several may run at once, and an interrupted one is
 * repeated: every statement has the same effect whoever carries it out and how often.
 * @throws {CassandraOpenError} also for a schema of a newer version
 */
export async function migrateCassandra(options: MigrateOptions): Promise<MigrationReport> {
  const connecting = connectOptions(options)
  const client = await connect(connecting)
  try {
    const { target } = connecting
    const from = await patiently(connecting, () => readSchemaVersion(client, target.keyspace))
    if (from > SCHEMA_VERSION) {
      throw schemaNewer(`${nameOf(target)}, keyspace ${target.keyspace}`, from)
    }
    const statements = await patiently(connecting, () => planMigration(client, target, from))
    if (options.dryRun !== true && from < SCHEMA_VERSION) {
      await migrate(client, connecting, statements)
    }
    return { from, to: SCHEMA_VERSION, statements }
  } finally {
    await client.shutdown()
  }
}

async function planMigration(client: Client, target: CassandraTarget, from: number): Promise<string[]> {
  const { keyspace } = target
  const steps = MIGRATIONS.filter(({ version }) => version > from)
  const statements = steps.flatMap((step) => step.statements(keyspace))
  const exists = (await replicationOf(client, keyspace)) !== undefined
  return exists ? statements : [createKeyspace(client, target), ...statements]
}

function createKeyspace(client: Client, target: CassandraTarget): string {
  const { keyspace, localDataCenter, replicationFactor } = target
  const nodes = client.hosts.values().filter(({ datacenter }) => datacenter === localDataCenter).length
  const replicas = replicationFactor ?? Math.min(REPLICAS_WANTED, nodes)
  const dataCenter = localDataCenter.replaceAll("'", "''")
  return `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', '${dataCenter}': ${replicas}}`
}

async function migrate(
  client: Client,
  connecting: ConnectOptions,
  statements: readonly string[],
): Promise<void> {
  const { target, onNotice } = connecting
  for (const statement of statements) {
    // The driver waits for the nodes to agree, some seconds at most.
    await patiently(connecting, () => client.execute(statement, [], SCHEMA_CHANGE))
  }
  if (!(await nodesAgree(client))) {
    onNotice(
      `${nameOf(target)}: not all nodes know the tables yet; one that is down learns of them at its start`,
    )
  }
  await patiently(connecting, () => raiseSchemaVersion(client, target.keyspace, SCHEMA_VERSION))
}

/** Whether all nodes have the same schema, those that are down by what they had. */
function nodesAgree({ metadata }: Client): Promise<boolean> {
  // Documented, but missing in the driver's types.
  return (metadata as typeof metadata & { checkSchemaAgreement(): Promise<boolean> }).checkSchemaAgreement()
}
