import { startRedis, type RedisServer } from './server.ts'

const SLOTS = 16_384
const NODES = 3
/** Milliseconds until all nodes must agree. */
const FORM_MS = 20_000
const POLL_MS = 50
// A dead node takes only its own slots with it.
const SETTINGS = ['--cluster-node-timeout', '2000', '--cluster-require-full-coverage', 'no']

/** A Redis Cluster of three masters on 127.0.0.1, without replicas. */
export class RedisCluster implements AsyncDisposable {
  readonly nodes: readonly RedisServer[]

  constructor(nodes: readonly RedisServer[]) {
    this.nodes = nodes
  }

  get url(): string {
    return `redis+cluster://${this.nodes.map(({ address }) => address).join(',')}`
  }

  /** The node that owns `slot`. */
  async ownerOf(slot: number): Promise<RedisServer> {
    const ranges = (await this.#anyNode().command('CLUSTER', 'SLOTS')) as [
      number,
      number,
      [string, number, string],
    ][]
    const port = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2][1]
    const owner = this.nodes.find((node) => node.port === port)
    if (owner === undefined) {
      throw new Error(`slot ${slot} has no owner`)
    }
    return owner
  }

  /** Gives an empty slot to another node. */
  async moveSlot(slot: number, to: RedisServer): Promise<void> {
    const from = await this.ownerOf(slot)
    if (from === to) {
      return
    }
    const [source, target] = await Promise.all([from, to].map((node) => node.command('CLUSTER', 'MYID')))
    const setSlot = (node: RedisServer, ...state: unknown[]) =>
      node.command('CLUSTER', 'SETSLOT', String(slot), ...state.map(String))
    // Only a node that imports a slot raises its epoch when it gets it. Without, a gossip of the old owner that is
    // still on its way takes the slot back, and each of them names the other as its owner for ever.
    await setSlot(to, 'IMPORTING', source)
    await setSlot(from, 'MIGRATING', target)
    for (const node of [to, from, ...this.nodes.filter((other) => other !== to && other !== from)]) {
      await setSlot(node, 'NODE', target)
    }
  }

  async flush(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.flush()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map((node) => node[Symbol.asyncDispose]()))
  }

  #anyNode(): RedisServer {
    const node = this.nodes.find(({ pid }) => pid !== undefined)
    if (node === undefined) {
      throw new Error('no node is running')
    }
    return node
  }
}

/** Starts three nodes that share all slots and know each other. @throws an error that says what to install */
export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes: RedisServer[] = []
  const cluster = new RedisCluster(nodes)
  try {
    for (let index = 0; index < NODES; index++) {
      nodes.push(await startRedis({ isClusterNode: true, settings: SETTINGS }))
    }
    await join(nodes)
    return cluster
  } catch (error) {
    await cluster[Symbol.asyncDispose]()
    throw error
  }
}

async function join(nodes: readonly RedisServer[]): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    const [from, to] = [index, index + 1].map((share) => Math.floor((share * SLOTS) / nodes.length))
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
    await node.command('CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? SLOTS) - 1))
  }
  const [first, ...others] = nodes
  for (const node of others) {
    await first?.command('CLUSTER', 'MEET', node.host, String(node.port), String(node.busPort))
  }
  const deadline = performance.now() + FORM_MS
  while (!(await Promise.all(nodes.map((node) => agrees(node, nodes.length)))).every(Boolean)) {
    if (performance.now() > deadline) {
      throw new Error('the nodes of the Redis Cluster did not agree in time')
    }
    await Bun.sleep(POLL_MS)
  }
}

async function agrees(node: RedisServer, size: number): Promise<boolean> {
  const info = String(await node.command('CLUSTER', 'INFO'))
  const owners = (await node.command('CLUSTER', 'SLOTS')) as unknown[]
  return info.includes('cluster_state:ok') && owners.length >= size
}
