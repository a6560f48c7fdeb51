import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import pino from 'pino'
import { MemoryBus } from '../../ports/bus/bus.memory.ts'
import { encodeFeedEvent } from '../entry-feed.ts'
import { Flusher } from './flusher.ts'
import { Held } from './held.ts'
import { Rooms } from './rooms.ts'
import { Connection, LocalUser, type Room } from './state.ts'
import { Windows } from './windows.ts'

function setUp(length: number) {
  const clock = new FakeClock()
  const log = Array.from({ length }, (_, i) => `{"seq":${i + 1},"type":"message"}`)
  const calls: string[] = []
  const bus = new MemoryBus((error) => {
    throw error
  })
  const gates: (() => void)[] = []
  const held = new Held()
  const flusher = new Flusher({ clock, publish: () => {}, defer: () => {}, held })
  const jumped: Room[] = []
  const rooms = new Rooms({
    held,
    clock,
    logger: pino({ level: 'silent' }),
    bus: {
      publish: (topic, message) => bus.publish(topic, message),
      subscribe: (topic, handler) => {
        calls.push(`subscribe ${topic}`)
        return bus.subscribe(topic, handler)
      },
      unsubscribe: (topic, handler) => {
        calls.push(`unsubscribe ${topic}`)
        bus.unsubscribe(topic, handler)
      },
      onDiscontinuity: () => () => {},
      isConnected: true,
      isLossless: false,
      dropped: 0,
      close: () => bus.close(),
    },
    log: {
      head: async () => {
        calls.push('head')
        const head = log.length
        await new Promise<void>((resolve) => gates.push(resolve))
        return head
      },
      read: async (_, from, to) => {
        calls.push(`read ${from} ${to}`)
        return log.slice(from - 1, to)
      },
    },
    windows: new Windows(),
    flusher,
    onControl: () => {},
    onBehind: () => {},
    onJump: (room) => void jumped.push(room),
  })
  const append = (publish = true) => {
    log.push(`{"seq":${log.length + 1},"type":"message"}`)
    if (publish) {
      bus.publish('log/conv', encodeFeedEvent('conv', log.length, log.slice(-1)))
    }
  }
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return { clock, rooms, held, calls, gates, append, settle, jumped }
}

test('subscribes first, reads the head afterwards, and misses nothing between', async () => {
  const { rooms, calls, gates, append, settle } = setUp(5)
  const room = rooms.acquire('conv')
  const opening = rooms.opened(room)
  await settle()
  expect(calls).toEqual(['subscribe log/conv', 'subscribe conv/conv', 'head'])
  append()
  gates[0]?.()
  await opening
  await settle()
  expect(room.next).toBe(7)
  expect(calls.at(-1)).toBe('read 6 6')
})

test('a gap is read once, however many entries show it', async () => {
  const { rooms, calls, gates, append, settle } = setUp(5)
  const room = rooms.acquire('conv')
  const opening = rooms.opened(room)
  await settle()
  gates[0]?.()
  await opening
  append(false)
  append()
  append()
  append()
  await settle()
  expect(room.next).toBe(10)
  expect(calls.filter((call) => call.startsWith('read'))).toEqual(['read 6 7', 'read 8 9'])
})

test('who waits for entries has them, whatever was being read when they asked', async () => {
  // As many steps later as there may be between the end of a read and everybody's knowing of it.
  for (let steps = 0; steps < 12; steps++) {
    const { rooms, gates, append, settle } = setUp(5)
    const room = rooms.acquire('conv')
    const opening = rooms.opened(room)
    await settle()
    gates[0]?.()
    await opening
    append(false)
    void rooms.reach(room, 6)
    append(false)
    for (let step = 0; step < steps; step++) {
      await Promise.resolve()
    }
    await rooms.reach(room, 7)
    expect({ steps, next: room.next }).toEqual({ steps, next: 8 })
  }
})

test('a gap nobody would wait for is jumped over, and what was believed before it is not any more', async () => {
  const { clock, rooms, held, gates, append, settle, jumped } = setUp(5)
  const user = new LocalUser('truc')
  const waiting = new Connection('', 0)
  user.connections = [waiting]
  const room = rooms.enter('conv', user)
  const opening = rooms.opened(room)
  await settle()
  clock.advance(1_000)
  expect(room.followedSince).toBe(Infinity)
  gates[0]?.()
  await opening
  expect(room.followedSince).toBe(clock.monotonic())
  clock.advance(1_000)
  held.add(waiting)
  for (let i = 0; i < 1_001; i++) {
    append(false)
  }
  append()
  await settle()
  expect(jumped).toEqual([room])
  expect([room.next, room.published]).toEqual([1_008, 1_007])
  expect(room.followedSince).toBe(clock.monotonic())
  // Whoever has not said yet where it stands has what was published before.
  expect([...(waiting.behind ?? [])]).toEqual([[room, 5]])
})

test('closes with its last holder, and hears nothing any more', async () => {
  const { rooms, calls, gates, append, settle } = setUp(5)
  const room = rooms.acquire('conv')
  rooms.acquire('conv')
  const opening = rooms.opened(room)
  await settle()
  gates[0]?.()
  await opening
  rooms.release(room)
  expect(rooms.size).toBe(1)
  rooms.release(room)
  expect(rooms.size).toBe(0)
  append()
  expect(room.next).toBe(6)
  expect(calls.slice(-2)).toEqual(['unsubscribe log/conv', 'unsubscribe conv/conv'])
})
