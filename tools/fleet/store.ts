import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { openCassandraKv } from '@tam/server/ports/kv/kv.cassandra.ts'
import { parseCassandraUrl } from '@tam/server/ports/kv/kv.cassandra.target.ts'
import { openRemoteKv } from '@tam/server/ports/kv/kv.remote.ts'
import type { Kv } from '@tam/server/ports/kv/kv.ts'
import { systemClock, systemRandom } from '@tam/util'
import { type CassandraCluster, startCassandra } from '../engines/cassandra/cluster.ts'
import { prepareCassandra } from '../engines/cassandra/install.ts'
import { isFree } from '../engines/cassandra/ports.ts'
import { ChildProcess } from './child-process.ts'

// Kept data is read again with the same ports only.
const KEPT_PORTS = { native: 9_042, storage: 9_043 }
/** Milliseconds for the owner of the SQLite file to serve it. */
const SERVE_MS = 20_000
const POLL_MS = 20
const SERVER = new URL('./store-server.ts', import.meta.url).pathname
/** What the owner prints when it serves. */
const SERVING = 'serving\n'
const KEYSPACE = 'tam'

export type StoreKind =
  | { readonly engine: 'sqlite' }
  | { readonly engine: 'cassandra'; readonly nodes: 1 | 3; readonly heapMiB?: number }

/** The store of a fleet, whose processes may be paused, killed and started again one by one. */
export type FleetStore = SqliteStore | CassandraStore

export interface Place {
  readonly directory: string
  /** Whether what is there is used again at the next start. */
  readonly isKept: boolean
}

export async function startStore(kind: StoreKind, place: Place): Promise<FleetStore> {
  return kind.engine === 'sqlite' ? SqliteStore.start(place) : CassandraStore.start(kind, place)
}

/** One SQLite file behind the one process that owns it. */
export class SqliteStore implements AsyncDisposable {
  readonly engine = 'sqlite'
  readonly directory: string
  /** Path of the socket it is served on. */
  readonly path: string
  readonly process: ChildProcess

  private constructor(directory: string) {
    this.directory = directory
    this.path = join(directory, 'kv.sock')
    this.process = new ChildProcess({
      command: [process.execPath, SERVER, join(directory, 'tam.db'), this.path],
      env: {},
    })
  }

  static async start({ directory }: Place): Promise<SqliteStore> {
    mkdirSync(directory, { recursive: true })
    const store = new SqliteStore(directory)
    if (await accepts(store.path)) {
      throw new Error(`another fleet runs in ${directory}: stop it, or choose another with --directory`)
    }
    await store.start()
    return store
  }

  get url(): string {
    return `unix://${this.path}`
  }

  /** As a server sees it. */
  open(): Promise<Kv> {
    return openRemoteKv({ path: this.path, clock: systemClock })
  }

  /** @throws with what it said */
  async start(): Promise<void> {
    this.process.start()
    const deadline = performance.now() + SERVE_MS
    // Its own word, not only that somebody accepts: that may be another, which was faster to own the file.
    while (!this.process.hasPrinted(SERVING)) {
      if (!this.process.isRunning || performance.now() > deadline) {
        await this.process.kill()
        throw new Error(`the store did not start: ${this.process.log.trim()}`)
      }
      await Bun.sleep(POLL_MS)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.stop()
  }
}

export class CassandraStore implements AsyncDisposable {
  readonly engine = 'cassandra'
  readonly cluster: CassandraCluster
  readonly nodes: number

  private constructor(cluster: CassandraCluster, nodes: number) {
    this.cluster = cluster
    this.nodes = nodes
  }

  static async start(
    { nodes, heapMiB }: StoreKind & { engine: 'cassandra' },
    { directory, isKept }: Place,
  ): Promise<CassandraStore> {
    if (isKept && !(await isFree('127.0.0.1', KEPT_PORTS.native))) {
      throw new Error(
        `Cassandra's port ${KEPT_PORTS.native} is in use: stop what listens there, or choose --kv sqlite`,
      )
    }
    const missing = await prepareCassandra()
    if (missing !== undefined) {
      throw new Error(`${missing}\nWithout Java there is --kv sqlite.`)
    }
    const cluster = await startCassandra({
      nodes,
      ...(isKept ? { directory: join(directory, `cassandra-${nodes}`), ports: KEPT_PORTS } : {}),
      ...(heapMiB === undefined ? {} : { heapMiB }),
    })
    return new CassandraStore(cluster, nodes)
  }

  get url(): string {
    const { contactPoints, localDataCenter } = this.cluster
    return `cassandra://${contactPoints.join(',')}/${KEYSPACE}?dc=${localDataCenter}`
  }

  /** As a server sees it. */
  open(): Promise<Kv> {
    const target = parseCassandraUrl(this.url)
    return openCassandraKv({ ...target, clock: systemClock, random: systemRandom })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]()
  }
}

function accepts(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
