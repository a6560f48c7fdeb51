import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { BACKLOG_PAUSE_BYTES, LIVE_AFTER_MS } from '../limits.ts'
import { FakeSocket } from '../tests/fake-socket.ts'
import { CatchUp } from './catch-up.ts'
import { Flusher } from './flusher.ts'
import { GoLive } from './go-live.ts'
import { Held } from './held.ts'
import { isLive } from './native-topic.ts'
import type { Rooms } from './rooms.ts'
import { Connection, LocalUser, Room } from './state.ts'
import { Windows } from './windows.ts'

class RecordingSocket extends FakeSocket {
  readonly sent: string[] = []
  override send(text: string): number {
    this.sent.push(
      text.startsWith('{"t":"entry"')
        ? `entries ${[...text.matchAll(/"seq":(\d+)/g)].map(([, seq]) => seq).join(' ')}`
        : text,
    )
    this.buffered += text.length
    return text.length
  }
}

/** One person in one conversation, of which three entries are published. */
function setUp() {
  const clock = new FakeClock()
  const socket = new RecordingSocket('truc', { mayReceive: () => true, isInRoom: () => true })
  const publish = (topic: string, frame: string) => void (socket.topics.has(topic) && socket.send(frame))
  const [held, windows, turns] = [new Held(), new Windows(), [] as (() => void)[]]
  const flusher = new Flusher({ clock, held, publish, defer: (turn) => void turns.push(turn) })
  const unread = () => Promise.reject(new Error('nothing has to be read'))
  const catchUp = new CatchUp({
    clock,
    log: { read: unread },
    entries: { read: unread },
    rooms: {} as Rooms,
    windows,
    flusher,
    onFailure: (_, error) => {
      throw error
    },
  })
  const goLive = new GoLive({ clock, catchUp, held })
  const [user, room] = [new LocalUser('truc'), new Room('conv', null)]
  user.log = new Room('truc', user)
  user.rooms = [room]
  room.members.push(user)
  room.next = 1
  room.isWarm = true
  const connection = new Connection('', 0)
  connection.phase = 'ready'
  connection.socket = socket
  connection.user = user
  user.connections = [connection]
  const append = () => {
    windows.append(room, `{"seq":${room.next},"type":"message"}`)
    flusher.flush(room)
  }
  append()
  append()
  append()
  goLive.hold(connection)
  return { clock, socket, held, goLive, catchUp, room, connection, append }
}

test('who is held in a room that stands still is remembered at no cost, and live from the release on', () => {
  const { socket, held, goLive, room, connection, append } = setUp()
  expect([connection.behind, isLive(connection, room), held.size]).toEqual([null, false, 1])
  goLive.release(connection)
  expect([isLive(connection, room), held.size]).toEqual([true, 0])
  append()
  expect(socket.sent).toEqual(['entries 4'])
})

test('what a room published meanwhile comes first, once', () => {
  const { clock, socket, room, append } = setUp()
  append()
  append()
  expect(socket.sent).toEqual([])
  clock.advance(LIVE_AFTER_MS)
  append()
  expect(socket.sent).toEqual(['entries 4 5', 'entries 6'])
  expect(room.published).toBe(6)
})

test('nothing overtakes an answer that the socket has not taken', () => {
  const { socket, catchUp, goLive, connection, append } = setUp()
  append()
  connection.answer = ['answer 1', 'answer 2']
  socket.buffered = BACKLOG_PAUSE_BYTES - 1
  goLive.release(connection)
  append()
  expect(socket.sent).toEqual(['answer 1'])
  socket.buffered = 0
  catchUp.advance(connection)
  append()
  expect(socket.sent).toEqual(['answer 1', 'answer 2', 'entries 4 5', 'entries 6'])
})

test('in a room that has not moved, neither', () => {
  const { socket, catchUp, goLive, connection, append } = setUp()
  connection.answer = ['answer 1', 'answer 2']
  socket.buffered = BACKLOG_PAUSE_BYTES - 1
  goLive.release(connection)
  append()
  socket.buffered = 0
  catchUp.advance(connection)
  expect(socket.sent).toEqual(['answer 1', 'answer 2', 'entries 4'])
})

test('a connection that starts over receives nothing until it is released', () => {
  const { socket, goLive, connection, append } = setUp()
  goLive.release(connection)
  goLive.suspend(connection)
  append()
  expect([socket.sent, [...socket.topics]]).toEqual([[], []])
  goLive.release(connection)
  append()
  expect(socket.sent).toEqual(['entries 4', 'entries 5'])
})

test('what the client was not told of is not sent', () => {
  const { socket, goLive, room, connection, append } = setUp()
  connection.untold = new Set([room])
  append()
  goLive.release(connection)
  append()
  expect([socket.sent, [...socket.topics]]).toEqual([[], []])
})

test('who closes while held is forgotten', () => {
  const { held, goLive, connection, append } = setUp()
  goLive.forget(connection)
  append()
  expect([held.size, connection.behind]).toEqual([0, null])
})
