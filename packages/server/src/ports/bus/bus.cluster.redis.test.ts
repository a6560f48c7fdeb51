import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type RedisCluster, startRedisCluster } from '../../../../../tools/engines/redis/cluster.ts'
import { busContract } from './bus.contract.ts'
import { Channels } from './bus.redis.channels.ts'
import {
  connect,
  FAULT_MS,
  FOUND_MS,
  hearAll,
  isPinged,
  listenToAll,
  MANY,
  suite,
  underTest,
  until,
  closeAfterEach,
} from './tests/redis-bus.ts'

suite('bus on a Redis Cluster', () => {
  closeAfterEach()
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await startRedisCluster()
  }, 60_000)
  afterAll(() => cluster[Symbol.asyncDispose]())

  busContract('redis cluster, a channel per partition', () => underTest(cluster.url, 'partition'))
  busContract('redis cluster, a channel per topic', () => underTest(cluster.url, 'topic'))

  test('topics are spread over all nodes, and servers hear each other', async () => {
    const [one, two] = await Promise.all([
      connect(cluster.url, 'topic'),
      connect(`redis+cluster://${cluster.nodes[2]!.address}`, 'topic'),
    ])
    await Promise.all([listenToAll(one), listenToAll(two)])
    await hearAll(one, two.bus)
    await hearAll(two, one.bus)
    for (const node of cluster.nodes) {
      expect(((await node.command('PUBSUB', 'SHARDCHANNELS')) as unknown[]).length).toBeWithin(5, 50)
    }
  })

  test(
    'a killed node takes only its topics with it; they return with it',
    async () => {
      const listener = await connect(cluster.url, 'topic')
      await listenToAll(listener)
      const [dead] = cluster.nodes
      const here = new Channels(0, 'topic')
      const owners = await Promise.all(MANY.map((topic) => cluster.ownerOf(here.slotOf(topic))))
      await dead!.kill()
      await until(() => !listener.bus.isConnected)
      await hearAll(
        listener,
        listener.bus,
        MANY.filter((_, i) => owners[i] !== dead),
      )
      expect(listener.discontinuities).toBe(0)
      await dead!.start()
      await until(() => listener.discontinuities > 0)
      await hearAll(listener)
    },
    FAULT_MS,
  )

  test('the connections that listen are asked by pings of their own, on every node', async () => {
    const listener = await connect(cluster.url, 'topic')
    await listenToAll(listener)
    for (const node of cluster.nodes) {
      await until(() => isPinged(node))
    }
    expect(listener.discontinuities).toBe(0)
  })

  test('CLIENT KILL TYPE pubsub on every node', async () => {
    const listener = await connect(cluster.url, 'topic')
    await listenToAll(listener)
    await Promise.all(cluster.nodes.map((node) => node.command('CLIENT', 'KILL', 'TYPE', 'pubsub')))
    await until(() => listener.discontinuities > 0)
    await hearAll(listener)
  })

  test(
    'slots that move to another node are followed, by listeners and publishers',
    async () => {
      const [listener, other] = await Promise.all([
        connect(cluster.url, 'topic'),
        connect(cluster.url, 'topic'),
      ])
      await listenToAll(listener)
      await hearAll(listener)
      const channels = new Channels(0, 'topic')
      const target = cluster.nodes[1]!
      for (const slot of new Set(MANY.map((topic) => channels.slotOf(topic)))) {
        await cluster.moveSlot(slot, target)
      }
      await hearAll(listener, other.bus)
      await until(() => listener.discontinuities > 0)
      const channelsOfTarget = (await target.command('PUBSUB', 'SHARDCHANNELS')) as unknown[]
      // And the one that the bus listens to for itself.
      expect(channelsOfTarget).toHaveLength(MANY.length + 1)
      expect(other.bus.dropped).toBe(0)
    },
    FAULT_MS,
  )

  test(
    'half open: one paused node is found within 7 s and heard again',
    async () => {
      const listener = await connect(cluster.url, 'topic')
      await listenToAll(listener)
      const paused = await cluster.ownerOf(new Channels(0, 'topic').slotOf(MANY[0]!))
      paused.pause()
      const started = performance.now()
      await until(() => !listener.bus.isConnected)
      expect(performance.now() - started).toBeLessThan(FOUND_MS)
      // The other connection is found by then too; resumed earlier, it would have missed nothing.
      await Bun.sleep(started + FOUND_MS - performance.now())
      paused.resume()
      await until(() => listener.bus.isConnected && listener.discontinuities > 0)
      await hearAll(listener)
    },
    FAULT_MS,
  )
})
