import { type Client, type Host, types } from 'cassandra-driver'
import { wait } from '@tam/util'
import { type ConnectOptions, connect, nameOf, patiently } from './kv.cassandra.connect.ts'
import { isUnknownTable, reasonOf } from './kv.cassandra.errors.ts'
import { replicationOf } from './kv.cassandra.inspect.ts'
import { type OpenOptions, connectOptions } from './kv.cassandra.options.ts'
import {
  MIGRATIONS,
  SCHEMA_VERSION,
  probes,
  raiseSchemaVersion,
  readSchemaVersion,
  schemaNewer,
} from './kv.cassandra.schema.ts'
import type { CassandraTarget } from './kv.cassandra.target.ts'

/** Milliseconds: every node takes part in a change of the schema. */
const SCHEMA_TIMEOUT_MS = 30_000
/** Milliseconds for the nodes to hear of the tables from each other. */
const AGREEMENT_TIMEOUT_MS = 10_000
const AGREEMENT_POLL_MS = 200
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
  const step = (task: () => Promise<unknown>) => patiently(connecting, () => orNodeBehind(task))
  for (const statement of statements) {
    await step(() => client.execute(statement, [], SCHEMA_CHANGE))
  }
  if (!(await nodesKnow(client, connecting))) {
    onNotice(
      `${nameOf(target)}: not all nodes know the tables yet; one that is down learns of them at its start`,
    )
  }
  await step(() => raiseSchemaVersion(client, target.keyspace, SCHEMA_VERSION))
}

/**
 * What one node has created, this migration or another that runs beside it, the next may not have heard of. It says
 * that there is no such keyspace, which for once is no refusal but worth another try.
 */
async function orNodeBehind(task: () => Promise<unknown>): Promise<void> {
  try {
    await task()
  } catch (error) {
    throw isUnknownTable(error) ? new Error(`a node is behind: ${reasonOf(error)}`) : error
  }
}

/**
 * Whether all nodes of the data centre can read the tables; waits a while for it. Each is asked itself: what the nodes
 * believe of each other's schema, which the driver compares, is late when another migration runs beside this one.
 */
async function nodesKnow(client: Client, { target, clock }: ConnectOptions): Promise<boolean> {
  const nodes = client.hosts.values().filter(({ datacenter }) => datacenter === target.localDataCenter)
  const deadline = clock.monotonic() + AGREEMENT_TIMEOUT_MS
  for (;;) {
    const known = await Promise.all(nodes.map((host) => canRead(client, target.keyspace, host)))
    if (!known.includes(false)) {
      return true
    }
    if (clock.monotonic() >= deadline) {
      return false
    }
    await wait(clock, AGREEMENT_POLL_MS)
  }
}

function canRead(client: Client, keyspace: string, host: Host): Promise<boolean> {
  const options = { host, consistency: types.consistencies.one, isIdempotent: true }
  return Promise.all(probes(keyspace).map((probe) => client.execute(probe, [], options))).then(
    () => true,
    () => false,
  )
}
