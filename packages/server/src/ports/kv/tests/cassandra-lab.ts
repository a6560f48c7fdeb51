import { afterAll, afterEach, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { auth, Client } from 'cassandra-driver'
import { type Clock, must, systemClock, systemRandom } from '@tam/util'
import {
  type CassandraCluster,
  type CassandraOptions,
  startCassandra,
} from '../../../../../../tools/engines/cassandra/cluster.ts'
import { prepareCassandra } from '../../../../../../tools/engines/cassandra/install.ts'
import type { CassandraOpenError } from '../kv.cassandra.errors.ts'
import { migrateCassandra } from '../kv.cassandra.migrate.ts'
import type { OpenOptions } from '../kv.cassandra.options.ts'
import { type CassandraKvOptions, openCassandraKv } from '../kv.cassandra.ts'
import type { Kv } from '../kv.ts'

/** Milliseconds for a test or hook: a busy machine takes seconds for a keyspace and a minute for three nodes. */
const TIMEOUT_MS = 240_000

/** Tests by their names. */
export type Facts = Readonly<Record<string, (lab: CassandraLab) => Promise<void>>>

/** A real cluster, running while the tests of one file do. */
export class CassandraLab {
  readonly #cleanups: (() => unknown)[] = []
  #cluster: CassandraCluster | undefined
  #keyspaces = 0

  get cluster(): CassandraCluster {
    return must(this.#cluster)
  }

  async start(options: CassandraOptions): Promise<void> {
    this.#cluster = await startCassandra(options)
  }

  /** Runs `cleanup` after the test. */
  onEnd(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup)
  }

  async endTest(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).toReversed()) {
      await cleanup()
    }
  }

  /** A keyspace of its own, not created yet. */
  target(more: Partial<OpenOptions> = {}): OpenOptions {
    const { contactPoints, localDataCenter, credentials } = this.cluster
    return {
      contactPoints,
      localDataCenter,
      keyspace: `tam_${++this.#keyspaces}`,
      ...(credentials === undefined ? {} : { credentials }),
      clock: systemClock,
      random: systemRandom,
      connectDeadlineMs: 30_000,
      ...more,
    }
  }

  /** Closed after the test. */
  async open(options: CassandraKvOptions): Promise<Kv> {
    const kv = await openCassandraKv(options)
    this.onEnd(() => kv.close())
    return kv
  }

  async openFresh(clock: Clock = systemClock): Promise<Kv> {
    const options = this.target({ clock })
    await migrateCassandra(options)
    return this.open(options)
  }

  /** A client without the engine, to look behind it. */
  async plainClient(): Promise<Client> {
    const { contactPoints, localDataCenter, credentials } = this.cluster
    const client = new Client({
      contactPoints: [...contactPoints],
      localDataCenter,
      protocolOptions: { port: Number(must(contactPoints[0]).split(':')[1]) },
      ...(credentials === undefined
        ? {}
        : { authProvider: new auth.PlainTextAuthProvider(credentials.username, credentials.password) }),
    })
    await client.connect()
    this.onEnd(() => client.shutdown())
    return client
  }
}

/**
 * A cluster for the tests of the calling file; undefined without TAM_TEST_CASSANDRA=1, and where Cassandra cannot be
 * had, which is said in one line.
 */
export async function cassandraLab(options: CassandraOptions): Promise<CassandraLab | undefined> {
  if (process.env['TAM_TEST_CASSANDRA'] !== '1') {
    return undefined
  }
  const missing = await prepareCassandra()
  if (missing !== undefined) {
    process.stderr.write(`left out, the tests on a real Cassandra: ${missing}\n`)
    return undefined
  }
  const lab = new CassandraLab()
  setDefaultTimeout(TIMEOUT_MS)
  beforeAll(() => lab.start(options))
  afterEach(() => lab.endTest())
  afterAll(() => lab.cluster[Symbol.asyncDispose]())
  return lab
}

/** Makes tests of `facts`. */
export function registerFacts(lab: CassandraLab, group: string, facts: Facts): void {
  describe(`cassandra: ${group}`, () => {
    for (const [name, body] of Object.entries(facts)) {
      test(name, () => body(lab))
    }
  })
}

/** What opening is refused with. */
export function refusal(opening: Promise<unknown>): Promise<CassandraOpenError> {
  return opening.then(
    () => expect.unreachable(),
    (error: CassandraOpenError) => error,
  )
}
