import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { FLUSH_WINDOW_MAX_MS, FLUSH_WINDOW_MS, FRAME_UNITS_MAX } from '../limits.ts'
import { FakeSocket } from '../tests/fake-socket.ts'
import { Flusher } from './flusher.ts'
import { Held } from './held.ts'
import { Connection, LocalUser, Room } from './state.ts'
import { Windows } from './windows.ts'

function setUp() {
  const clock = new FakeClock()
  clock.advance(1_000)
  const turns: (() => void)[] = []
  const order: string[] = []
  const flusher = new Flusher({
    held: new Held(),
    clock,
    publish: (topic, frame) => void order.push(`${topic} ${(frame.match(/"seq":\d+/g) ?? []).join(' ')}`),
    defer: (turn) => void turns.push(turn),
  })
  const windows = new Windows()
  const room = new Room('conv', null)
  room.next = 1
  const append = (text = '') => {
    windows.append(room, `{"seq":${room.next},"text":"${text}"}`)
    flusher.schedule(room)
  }
  const endTick = () => {
    for (const turn of turns.splice(0)) {
      turn()
    }
  }
  return { clock, flusher, room, append, endTick, order }
}

test('a lone entry leaves at the end of its tick, with all that came in it', () => {
  const { append, endTick, order } = setUp()
  append()
  append()
  expect(order).toEqual([])
  endTick()
  expect(order).toEqual(['conv "seq":1 "seq":2'])
})

test('what follows within the window shares a frame at its end', () => {
  const { clock, append, endTick, order } = setUp()
  append()
  endTick()
  clock.advance(1)
  append()
  endTick()
  clock.advance(1)
  append()
  endTick()
  expect(order).toHaveLength(1)
  clock.advance(FLUSH_WINDOW_MS)
  expect(order).toEqual(['conv "seq":1', 'conv "seq":2 "seq":3'])
})

test('a burst in a large room waits longer, a lone entry and other rooms do not', () => {
  const { clock, flusher, room, append, endTick, order } = setUp()
  room.members.push(...Array.from({ length: 1_000 }, (_, i) => new LocalUser(`người ${i}`)))
  const after = (ms: number) => {
    clock.advance(ms)
    endTick()
    return order.splice(0)
  }
  append()
  append()
  expect(after(0)).toEqual(['conv "seq":1 "seq":2'])
  append()
  expect(after(FLUSH_WINDOW_MS)).toEqual([])
  const other = new Room('other', null)
  other.window = ['{"seq":1}']
  other.next = 2
  other.flushAfter = clock.monotonic() + 1
  flusher.schedule(other)
  expect(after(1)).toEqual(['other "seq":1'])
  expect(after(FLUSH_WINDOW_MAX_MS)).toEqual(['conv "seq":3'])
  append()
  expect(after(0)).toEqual(['conv "seq":4'])
})

test('long entries are spread over frames, an oversized one travels alone', () => {
  const { append, endTick, order } = setUp()
  append('x'.repeat(FRAME_UNITS_MAX / 2))
  append('x'.repeat(FRAME_UNITS_MAX / 4))
  append('x'.repeat(FRAME_UNITS_MAX * 2))
  append()
  endTick()
  expect(order).toEqual(['conv "seq":1 "seq":2', 'conv "seq":3', 'conv "seq":4'])
})

test('replies of a tick leave in order, before the entries of that tick', () => {
  const { flusher, append, endTick, order } = setUp()
  const connection = new Connection('', 0)
  const socket = new FakeSocket('an', { mayReceive: () => true, isInRoom: () => true })
  socket.send = (text) => order.push(text)
  connection.socket = socket
  append()
  flusher.reply(connection, 'ack 1')
  flusher.reply(connection, 'ack 2')
  endTick()
  expect(order).toEqual(['ack 1', 'ack 2', 'conv "seq":1'])
})

test('in a small room the entry leaves in one write with the acknowledgement, after it, and needs no topic', () => {
  const { flusher, room, append, endTick, order } = setUp()
  const writer = connectionOf(room, 'an', order)
  connectionOf(room, 'binh', order)
  append()
  flusher.reply(writer, 'ack')
  endTick()
  expect(order).toEqual(['an cork', 'an ack', 'an entry', 'binh entry'])
})

test('who is behind gets nothing of a small room but what catches them up', () => {
  const { room, append, endTick, order } = setUp()
  const late = connectionOf(room, 'an', order)
  late.behind = new Map([[room, 0]]) as unknown as typeof late.behind
  append()
  endTick()
  expect([order, room.published]).toEqual([[], 1])
})

function connectionOf(room: Room, name: string, order: string[]): Connection {
  const user = new LocalUser(name)
  const connection = new Connection('', 0)
  connection.phase = 'ready'
  const socket = new FakeSocket(name, { mayReceive: () => true, isInRoom: () => true })
  const send = (text: string) => order.push(`${name} ${text.startsWith('{"t":"entry"') ? 'entry' : text}`)
  socket.send = send
  Object.assign(socket, {
    cork(work: () => void) {
      order.push(`${name} cork`)
      work()
    },
  })
  connection.socket = socket
  user.connections.push(connection)
  room.members.push(user)
  return connection
}
