import { FakeClock } from '@tam/testkit'
import { must, type Random } from '@tam/util'
import pino from 'pino'
import { EntryCache } from '../../messages/entry-cache.ts'
import { MemoryBus } from '../../ports/bus/bus.memory.ts'
import { topics } from '../../ports/bus/bus.ts'
import { MemoryCache } from '../../ports/cache/cache.memory.ts'
import { encodeFeedEvent } from '../entry-feed.ts'
import { GatewayCore } from '../gateway.ts'
import { isLive } from '../hub/native-topic.ts'
import { Connection } from '../hub/state.ts'
import { meOf } from '../../../tests/test-logins.ts'
import { FakeSocket } from './fake-socket.ts'
import { CONVS, FakeStore, USERS } from './fake-store.ts'

export interface Peer {
  readonly user: string
  readonly socket: FakeSocket
  readonly connection: Connection
}

const LONG = 'ằ'.repeat(40_000)

/**
 * A gateway without sockets, time or threads of its own: every answer of the store, every message on the bus, every
 * turn of the loop happens when the simulation says so, so that a seed replays a run. The bus loses and reorders.
 */
export class Simulation {
  readonly clock = new FakeClock()
  readonly peers: Peer[] = []
  readonly #random: Random
  readonly #store = new FakeStore((log, seq, entry) => this.#onAppended(log, seq, entry))
  readonly #bus = new MemoryBus((error) => {
    throw error
  })
  readonly #core: GatewayCore
  #answers: (() => void)[] = []
  #turns: (() => void)[] = []
  #inFlight: { readonly topic: string; readonly message: string }[] = []
  #loses = true
  readonly #readyAt = new Map<Connection, { step: number }>()

  constructor(random: Random) {
    this.#random = random
    this.#core = new GatewayCore(this.#deps(), (topic, frame) => this.#publish(topic, frame))
    for (const conv of CONVS) {
      for (let i = 0; i < 300; i++) {
        this.#store.append(conv, message(`trước ${i}`))
      }
    }
    this.#inFlight = []
  }

  /** One thing happens. */
  async step(): Promise<void> {
    const dice = this.#random.float()
    if (dice < 0.2) {
      this.#store.append(this.#pick(CONVS), message(this.#random.float() < 0.1 ? LONG : 'chào'))
    } else if (dice < 0.3) {
      this.#store.advanceSaga(this.#pick(USERS), this.#pick(CONVS))
    } else if (dice < 0.45) {
      this.#deliver()
    } else if (dice < 0.65) {
      this.#answer()
      this.#answer()
    } else if (dice < 0.75) {
      this.#turn()
    } else if (dice < 0.82) {
      this.clock.advance(this.#random.float() < 0.1 ? 300 : this.#random.float() * 4)
    } else if (dice < 0.86) {
      this.#connect(this.#pick(USERS))
    } else if (dice < 0.87) {
      this.#disconnect()
    } else if (dice < 0.93) {
      this.#sync()
    } else if (dice < 0.935) {
      this.#command({ t: 'ping' })
    } else if (dice < 0.945) {
      this.#core.hub.windows.evict(Infinity)
      this.#core.hub.rooms.cool(Infinity)
    } else {
      this.#drain()
    }
    await settled()
    this.#store.step++
    for (const { connection } of this.peers) {
      const readyAt = must(this.#readyAt.get(connection))
      if (connection.phase === 'ready' && readyAt.step === Infinity) {
        readyAt.step = this.#store.step
      }
    }
  }

  /** Everything arrives, everybody reads: what was lost is found by the heads. */
  async quiesce(): Promise<void> {
    this.#loses = false
    this.#store.finishSagas()
    for (let round = 0; round < 60; round++) {
      for (const act of [
        () => this.#deliver(),
        () => this.#answer(),
        () => this.#turn(),
        () => this.#drain(),
      ]) {
        for (let i = 0; i < 20; i++) {
          act()
        }
      }
      this.clock.advance(300)
      if (round % 10 === 0) {
        void this.#core.hub.headCheck.run()
      }
      await settled()
    }
  }

  /** What is wrong now that everything is quiet. */
  problems(): string[] {
    const problems = this.peers.flatMap(({ socket }) => socket.violations)
    for (const { user, socket, connection } of this.peers) {
      if (connection.phase === 'ready') {
        const convs = CONVS.filter((conv) => this.#store.roleOf(conv, user) !== undefined)
        const live = CONVS.filter((conv) => this.#isLive(connection, conv)).join()
        if (live !== convs.join()) {
          problems.push(`${user} is live in ${live} instead of ${convs.join()}`)
        }
        const warm = CONVS.filter(
          (conv) => this.#core.hub.rooms.get(conv)?.isWarm && this.#isLive(connection, conv),
        )
        if ([...socket.topics].sort().join() !== warm.sort().join()) {
          problems.push(`${user} has topics ${[...socket.topics].join()} instead of ${warm.join()}`)
        }
        for (const log of [user, ...convs]) {
          const head = this.#store.log(log).length
          // A client that was never told anything of a log has nothing to miss.
          if ((socket.last.get(log) ?? head) !== head) {
            problems.push(`${user} has ${log} up to ${socket.last.get(log)} instead of ${head}`)
          }
        }
      } else if (connection.phase !== 'closed') {
        problems.push(`${user} is still ${connection.phase}`)
      }
    }
    return problems
  }

  #isLive(connection: Connection, conv: string): boolean {
    const room = this.#core.hub.rooms.get(conv)
    return room !== undefined && (connection.user?.rooms.includes(room) ?? false) && isLive(connection, room)
  }

  #deps(): ConstructorParameters<typeof GatewayCore>[0] {
    const { clock } = this
    const later = <T>(value: () => T): Promise<T> => this.#later(value)
    const read = (log: string, from: number, to: number) =>
      later(() => this.#store.log(log).slice(from - 1, to))
    return {
      clock,
      random: this.#random,
      logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
      bus: this.#bus,
      cache: new MemoryCache({ clock }),
      log: {
        head: (log) => later(() => this.#store.log(log).length),
        read,
      },
      entries: new EntryCache({ read }),
      tokens: {
        verifyOnce: (token) => later(() => ({ user: token, sid: `sid-${token}`, exp: Infinity })),
      },
      logins: { isActive: () => later(() => true) },
      profiles: { me: (id) => later(() => meOf(id)) },
      access: {
        member: (conv, user) => later(() => this.#store.roleOf(conv, user)),
        memberCached: () => null,
        onEntries: () => {},
      },
      conversations: {
        refsOf: (user) => later(() => this.#store.refsOf(user)),
        summarise: (user, refs, heads) =>
          later(() =>
            refs
              .filter(({ conv }) => this.#store.roleOf(conv, user) !== undefined)
              .map(({ conv }) => summaryOf(conv, must(heads?.(conv)))),
          ),
      },
      messages: {
        send: () => Promise.reject(new Error('unused')),
        history: () => Promise.reject(new Error('unused')),
      },
      reads: { mark: () => Promise.reject(new Error('unused')) },
      addressOf: () => '127.0.0.1',
      isStoreAlive: () => true,
      defer: (turn) => void this.#turns.push(turn),
      config: { node: 'node', epoch: 'epoch', origins: [], rateLimitScale: 1e6 },
    }
  }

  // The value may be read at once, or at any time until the answer comes.
  #later<T>(value: () => T): Promise<T> {
    const early = this.#random.float() < 0.5 ? { value: value() } : undefined
    return new Promise((resolve) => {
      this.#answers.push(() => resolve(early === undefined ? value() : early.value))
    })
  }

  #onAppended(log: string, seq: number, entry: string): void {
    if (!this.#loses || this.#random.float() > 0.1) {
      this.#inFlight.push({ topic: topics.log(log), message: encodeFeedEvent(log, seq, [entry]) })
    }
  }

  #deliver(): void {
    const index = this.#random.float() < 0.7 ? 0 : Math.floor(this.#random.float() * this.#inFlight.length)
    const [hint] = this.#inFlight.splice(index, 1)
    if (hint !== undefined) {
      this.#bus.publish(hint.topic, hint.message)
    }
  }

  #answer(): void {
    const [answer] = this.#answers.splice(Math.floor(this.#random.float() * this.#answers.length), 1)
    answer?.()
  }

  #turn(): void {
    const turns = this.#turns
    this.#turns = []
    for (const turn of turns) {
      turn()
    }
  }

  #publish(topic: string, frame: string): void {
    for (const { socket } of this.peers) {
      if (socket.topics.has(topic)) {
        socket.send(frame)
      }
    }
  }

  #connect(user: string): void {
    const connection = new Connection('127.0.0.1', Math.floor(this.clock.monotonic() / 1_000))
    const readyAt = { step: Infinity }
    const socket = new FakeSocket(user, {
      mayReceive: (log, seq) => this.#store.mayReceive(log, seq, user, readyAt.step),
      isInRoom: (conv) => connection.user?.rooms.some(({ id }) => id === conv) ?? false,
    })
    this.#readyAt.set(connection, readyAt)
    connection.socket = socket
    this.#core.connections.add(connection)
    this.peers.push({ user, socket, connection })
    this.#core.receive(connection, JSON.stringify({ t: 'auth', token: user, device: 'device-1' }))
  }

  #disconnect(): void {
    const peer = this.#somePeer()
    if (peer !== undefined) {
      peer.socket.close()
      this.#core.connections.remove(peer.connection)
    }
  }

  #sync(): void {
    const peer = this.#somePeer()
    if (peer !== undefined) {
      const cursors: Record<string, number> = {}
      for (const log of [...CONVS, peer.user]) {
        if (this.#random.float() < 0.7) {
          // Sometimes beyond the head: a client of another epoch, or a liar.
          cursors[log] = Math.floor(this.#random.float() * (this.#store.log(log).length + 10))
        }
      }
      peer.socket.syncing(cursors)
      this.#core.receive(peer.connection, JSON.stringify({ t: 'sync', id: 1, cursors }))
    }
  }

  #command(frame: object): void {
    const peer = this.#somePeer()
    if (peer !== undefined) {
      this.#core.receive(peer.connection, JSON.stringify(frame))
    }
  }

  /** The peer reads, and Bun says so. */
  #drain(): void {
    const peer = this.#somePeer()
    if (peer !== undefined && peer.socket.buffered > 0) {
      peer.socket.buffered = Math.floor(peer.socket.buffered * this.#random.float() * 0.5)
      this.#core.hub.catchUp.advance(peer.connection)
    }
  }

  #somePeer(): Peer | undefined {
    const ready = this.peers.filter(({ connection }) => connection.phase === 'ready')
    return ready.length === 0 ? undefined : this.#pick(ready)
  }

  #pick<T>(items: readonly T[]): T {
    return must(items[Math.floor(this.#random.float() * items.length)])
  }
}

function message(text: string): object {
  return { type: 'message', id: 'id', text }
}

function summaryOf(id: string, head: number) {
  return {
    id,
    kind: 'group' as const,
    title: id,
    topic: '',
    public: false,
    peer: null,
    role: 'member' as const,
    memberCount: 1,
    head,
    read: 0,
    unread: 0,
    lastMessage: null,
    createdAt: '2026-01-01T00:00:00Z',
  }
}

/** Every promise that can go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
