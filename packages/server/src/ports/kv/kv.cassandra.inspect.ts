import type { Client } from 'cassandra-driver'
import type { CassandraTarget } from './kv.cassandra.target.ts'

/** What the cluster says about itself, as far as it does. */
export interface CassandraFacts {
  readonly release: string | undefined
  /** Nodes of the local data centre. */
  readonly nodes: number
  /** Replicas of every row in the local data centre. */
  readonly replicas: number | undefined
  /** How the node that was asked answers writes; undefined where it cannot be read (ScyllaDB). */
  readonly commitlogSync: string | undefined
}

const REPLICAS_WANTED = 3

export async function inspectCassandra(client: Client, target: CassandraTarget): Promise<CassandraFacts> {
  const { keyspace, localDataCenter } = target
  const hosts = client.hosts.values().filter(({ datacenter }) => datacenter === localDataCenter)
  const replication = await replicationOf(client, keyspace)
  const replicas = Number(replication?.[localDataCenter] ?? replication?.['replication_factor'])
  return {
    release: hosts[0]?.cassandraVersion,
    nodes: hosts.length,
    replicas: Number.isNaN(replicas) ? undefined : replicas,
    commitlogSync: await commitlogSync(client),
  }
}

/** One line for every setting that weakens a promise. */
export function weaknesses({ nodes, replicas, commitlogSync: sync }: CassandraFacts): string[] {
  const lines: string[] = []
  if (sync === 'periodic') {
    lines.push(
      'Cassandra acknowledges before fsync (commitlog_sync: periodic): a power loss of all replicas can lose acknowledged messages; set group or batch',
    )
  }
  const wanted = Math.min(REPLICAS_WANTED, nodes)
  if (replicas !== undefined && replicas < wanted) {
    lines.push(
      `Cassandra keeps ${replicas} of ${wanted} copies: the loss of a node can stop or lose conversations`,
    )
  }
  return lines
}

/** The replication of a keyspace as the server writes it, undefined when there is no such keyspace. */
export async function replicationOf(
  client: Client,
  keyspace: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const query = 'SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?'
  const { rows } = await client.execute(query, [keyspace], { prepare: true, isIdempotent: true })
  return rows[0]?.['replication'] as Record<string, string> | undefined
}

async function commitlogSync(client: Client): Promise<string | undefined> {
  const query = "SELECT value FROM system_views.settings WHERE name = 'commitlog_sync'"
  try {
    const { rows } = await client.execute(query, [], { isIdempotent: true })
    const value: unknown = rows[0]?.['value']
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
