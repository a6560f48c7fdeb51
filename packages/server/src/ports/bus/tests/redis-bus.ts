import { afterEach, describe } from 'bun:test'
import { systemClock, systemRandom } from '@tam/util'
import pino from 'pino'
import type { RedisServer } from '../../../../../../tools/engines/redis/server.ts'
import { parseRedisUrl } from '../../redis/redis-url.ts'
import type { ChannelKind } from '../bus.redis.channels.ts'
import { RedisBus } from '../bus.redis.ts'
import type { BusHandler } from '../bus.ts'

/** `describe` where a Redis is wanted, which takes time. */
export const suite = process.env.TAM_TEST_REDIS === '1' ? describe : describe.skip
/** Milliseconds a fault test may take: finding a half-open connection takes up to 7 s. */
export const FAULT_MS = 30_000
/** Milliseconds until a half-open connection must be found, with a margin for a busy machine. */
export const FOUND_MS = 9_000

export interface Listener {
  readonly bus: RedisBus
  readonly errors: unknown[]
  /** What `hear` has heard, `<topic> <message>`. */
  readonly heard: string[]
  readonly hear: BusHandler
  discontinuities: number
}

const open = new Set<RedisBus>()

export async function connect(url: string, channelKind: ChannelKind = 'partition'): Promise<Listener> {
  const errors: unknown[] = []
  const heard: string[] = []
  const bus = await RedisBus.open({
    clock: systemClock,
    random: systemRandom,
    logger: pino({ level: 'silent' }),
    target: parseRedisUrl(url),
    channelKind,
    onError: (error) => errors.push(error),
  })
  open.add(bus)
  const hear = (topic: string, message: string) => heard.push(`${topic} ${message}`)
  const listener = { bus, errors, heard, hear, discontinuities: 0 }
  bus.onDiscontinuity(() => listener.discontinuities++)
  return listener
}

/** Closes after each test what it has connected. */
export function closeAfterEach(): void {
  afterEach(async () => {
    await Promise.all([...open].map((bus) => bus.close()))
    open.clear()
  })
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await Bun.sleep(10)
  }
}

/** Whether the only connection that listens has last sent a PING. */
export async function isPinged(redis: RedisServer): Promise<boolean> {
  const clients = String(await redis.command('CLIENT', 'LIST', 'TYPE', 'pubsub'))
    .trim()
    .split('\n')
  return clients.length === 1 && clients.every((client) => client.includes(' cmd=ping '))
}

/** Enough topics to be on every node. */
export const MANY = Array.from({ length: 60 }, (_, i) => `log/hội thoại ${i}`)

/** Resolves when what was published before has come back: nodes and connections keep the order. */
export async function settle(bus: RedisBus): Promise<void> {
  let missing = MANY.length
  const arrived = () => missing--
  const topics = MANY.map((topic) => `settle/${topic}`)
  await Promise.all(topics.map((topic) => bus.subscribe(topic, arrived)))
  for (const topic of topics) {
    bus.publish(topic, '')
  }
  await until(() => missing <= 0)
  for (const topic of topics) {
    bus.unsubscribe(topic, arrived)
  }
}

export async function underTest(url: string, channelKind: ChannelKind) {
  const { bus, errors } = await connect(url, channelKind)
  let isClosed = false
  const close = bus.close.bind(bus)
  bus.close = async () => {
    isClosed = true
    await close()
  }
  return { bus, errors, settle: () => (isClosed ? Bun.sleep(20) : settle(bus)) }
}

/** Publishes on all topics until each has been heard by `listener` once more. */
export async function hearAll({ bus, heard }: Listener, from: RedisBus = bus, topics = MANY): Promise<void> {
  const mark = crypto.randomUUID()
  const missing = new Set(topics)
  while (missing.size > 0) {
    for (const topic of missing) {
      from.publish(topic, mark)
    }
    await Bun.sleep(20)
    for (const topic of topics) {
      if (heard.includes(`${topic} ${mark}`)) {
        missing.delete(topic)
      }
    }
  }
}

export async function listenToAll(listener: Listener): Promise<void> {
  await Promise.all(MANY.map((topic) => listener.bus.subscribe(topic, listener.hear)))
}
