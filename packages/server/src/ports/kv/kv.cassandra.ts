import { REQUEST_TIMEOUT_MS, connect, patiently } from './kv.cassandra.connect.ts'
import { CommitQueue } from './kv.cassandra.commit-queue.ts'
import { inspectCassandra, weaknesses } from './kv.cassandra.inspect.ts'
import { type OpenOptions, connectOptions } from './kv.cassandra.options.ts'
import { type CassandraDependencies, CassandraReads, prepareReads } from './kv.cassandra.reads.ts'
import { checkSchema } from './kv.cassandra.schema.ts'
import { Statements } from './kv.cassandra.statements.ts'
import { CassandraWriter } from './kv.cassandra.writer.ts'
import type { Change, CommitResult, KeyedRow, Kv, Row, RowRef, ScanRange } from './kv.ts'

export interface CassandraKvOptions extends OpenOptions {
  /** Milliseconds to wait for one answer. */
  readonly requestTimeoutMs?: number
}

const NOW = 'SELECT toTimestamp(now()) AS now FROM system.local'

export interface CassandraStore extends Kv {
  /** Wall milliseconds of the node that answers. */
  now(): Promise<number>
}

/**
 * Opens the engine of a fleet: Apache Cassandra or ScyllaDB, whose tables `migrateCassandra` has made.
 * Tries again while the cluster does not answer, and says so.
 * @throws {CassandraOpenError} unreachable, credentials, data_center, tls, schema_older, schema_newer
 */
export async function openCassandraKv(options: CassandraKvOptions): Promise<CassandraStore> {
  const { clock, random, keyspace, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options
  const connecting = connectOptions(options)
  const statements = new Statements(keyspace)
  const client = await connect(connecting)
  try {
    await patiently(connecting, () => checkSchema(client, options))
    const facts = await patiently(connecting, () => inspectCassandra(client, options))
    weaknesses(facts).forEach((line) => connecting.onNotice(line))
    await patiently(connecting, () => prepareReads(client, statements))
  } catch (error) {
    await client.shutdown()
    throw error
  }
  return new CassandraKv({ client, statements, clock, random, requestTimeoutMs })
}

class CassandraKv implements CassandraStore {
  readonly #deps: CassandraDependencies
  readonly #reads: CassandraReads
  readonly #commits: CommitQueue
  #closed: Promise<void> | undefined

  constructor(deps: CassandraDependencies) {
    this.#deps = deps
    this.#reads = new CassandraReads(deps)
    const writer = new CassandraWriter(deps, this.#reads)
    const { clock, random } = deps
    this.#commits = new CommitQueue({
      clock,
      random,
      apply: (partition, commits) => writer.apply(partition, commits),
    })
  }

  get(partition: string, key: string): Promise<Row | undefined> {
    return this.#reads.get(partition, key)
  }

  getMany(refs: readonly RowRef[]): Promise<(Row | undefined)[]> {
    return Promise.all(refs.map(({ partition, key }) => this.#reads.get(partition, key)))
  }

  scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    return this.#reads.scan(partition, range)
  }

  commit(partition: string, change: Change): Promise<CommitResult> {
    return this.#commits.commit(partition, change)
  }

  async now(): Promise<number> {
    const { client, requestTimeoutMs } = this.#deps
    const { rows } = await client.execute(NOW, [], { isIdempotent: true, readTimeout: requestTimeoutMs })
    return Number(rows[0]?.['now'])
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    await this.#commits.end()
    this.#reads.end()
    await this.#deps.client.shutdown()
  }
}
