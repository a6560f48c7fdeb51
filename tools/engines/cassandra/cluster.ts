import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installCassandra } from './install.ts'
import { javaCommand } from './java-command.ts'
import { type Keystore, createKeystore } from './keystore.ts'
import { CassandraNode, type Credentials } from './node.ts'
import { writeNodeFiles } from './node-files.ts'
import { type Ports, freePorts } from './ports.ts'

export interface CassandraOptions {
  /** They listen on 127.0.0.1, 127.0.0.2 …; loopback has all of these addresses on Linux. */
  readonly nodes: 1 | 2 | 3
  /** Free ones when left out. */
  readonly ports?: Ports
  /** Kept after the end, and read again at the next start with the same ports; a temporary one when left out. */
  readonly directory?: string
  /** Clients must give `credentials`. */
  readonly passwords?: boolean
  /** Clients may use TLS, on the same port. */
  readonly tls?: boolean
  readonly heapMiB?: number
}

export interface CassandraCluster extends AsyncDisposable {
  /** `address:port` of every node, whether it runs or not. */
  readonly contactPoints: readonly string[]
  readonly localDataCenter: string
  readonly credentials: Credentials | undefined
  /** PEM file of the certificate to trust, with `tls`. */
  readonly certificatePath: string | undefined
  readonly directory: string
  /** Pid of a node (0 is the first), undefined while it does not run. */
  pid(node: number): number | undefined
  /** `kill -9`; resolves when the process is gone. */
  kill(node: number): Promise<void>
  /** Drains the node and ends it; resolves when the process is gone. */
  stop(node: number): Promise<void>
  /** Starts a node that has ended, over its own data; resolves when it answers a query. */
  start(node: number): Promise<void>
  /** SIGSTOP: the node keeps its connections and answers nothing. */
  pause(node: number): void
  resume(node: number): void
  /** Resolves when the node answers a query. */
  answers(node: number): Promise<void>
}

export const LOCAL_DATA_CENTER = 'datacenter1'
/** The superuser that Cassandra makes. */
const CREDENTIALS: Credentials = { username: 'cassandra', password: 'cassandra' }
const HEAP_MIB = 512

/** Installs Cassandra if need be and starts a cluster; resolves when every node answers and knows the others. */
export async function startCassandra(options: CassandraOptions): Promise<CassandraCluster> {
  const cluster = new Cluster(options, await plan(options))
  try {
    await cluster.startAll()
  } catch (error) {
    await cluster[Symbol.asyncDispose]()
    throw error
  }
  return cluster
}

interface Plan {
  readonly lib: string
  readonly directory: string
  readonly addresses: readonly string[]
  readonly ports: Ports
  readonly keystore: Keystore | undefined
}

async function plan({ nodes, ports, directory, tls }: CassandraOptions): Promise<Plan> {
  const lib = await installCassandra()
  const addresses = Array.from({ length: nodes }, (_, index) => `127.0.0.${index + 1}`)
  const ownDirectory = directory ?? mkdtempSync(join(tmpdir(), 'tam-cassandra-'))
  mkdirSync(ownDirectory, { recursive: true })
  return {
    lib,
    directory: ownDirectory,
    addresses,
    ports: ports ?? (await freePorts(addresses)),
    keystore: tls === true ? await createKeystore(ownDirectory, addresses) : undefined,
  }
}

class Cluster implements CassandraCluster {
  readonly localDataCenter = LOCAL_DATA_CENTER
  readonly credentials: Credentials | undefined
  readonly certificatePath: string | undefined
  readonly directory: string
  readonly #nodes: readonly CassandraNode[]
  readonly #temporary: boolean
  readonly #onExit = () => this.#nodes.forEach((node) => node.signal('SIGKILL'))

  constructor(options: CassandraOptions, { lib, directory, addresses, ports, keystore }: Plan) {
    const { passwords = false, heapMiB = HEAP_MIB } = options
    this.credentials = passwords ? CREDENTIALS : undefined
    this.certificatePath = keystore?.certificatePath
    this.directory = directory
    this.#temporary = options.directory === undefined
    this.#nodes = addresses.map((address, index) => {
      const own = join(directory, `node-${index + 1}`)
      writeNodeFiles({ directory: own, address, addresses, ports, passwords, keystore })
      return new CassandraNode({
        address,
        nativePort: ports.native,
        directory: own,
        command: javaCommand({ lib, directory: own, heapMiB }),
        credentials: this.credentials,
      })
    })
    process.once('exit', this.#onExit)
  }

  get contactPoints(): readonly string[] {
    return this.#nodes.map(({ contactPoint }) => contactPoint)
  }

  /** The first alone, so that the others find a ring to join. */
  async startAll(): Promise<void> {
    const [first, ...others] = this.#nodes
    await first?.start()
    await Promise.all(others.map((node) => node.start()))
    await Promise.all(this.#nodes.map((node) => node.knows(others.length)))
  }

  pid(node: number): number | undefined {
    return this.#node(node).pid
  }

  kill(node: number): Promise<void> {
    return this.#node(node).end('SIGKILL')
  }

  stop(node: number): Promise<void> {
    return this.#node(node).end('SIGTERM')
  }

  start(node: number): Promise<void> {
    return this.#node(node).start()
  }

  pause(node: number): void {
    this.#node(node).signal('SIGSTOP')
  }

  resume(node: number): void {
    this.#node(node).signal('SIGCONT')
  }

  answers(node: number): Promise<void> {
    return this.#node(node).knows(0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#onExit)
    // What was acknowledged is on disk either way; draining only makes the next start quicker.
    const signal = this.#temporary ? 'SIGKILL' : 'SIGTERM'
    await Promise.all(this.#nodes.map((node) => node.end(signal)))
    if (this.#temporary) {
      rmSync(this.directory, { recursive: true, force: true })
    }
  }

  #node(index: number): CassandraNode {
    const node = this.#nodes[index]
    if (node === undefined) {
      throw new RangeError(`there is no node ${index}`)
    }
    return node
  }
}
