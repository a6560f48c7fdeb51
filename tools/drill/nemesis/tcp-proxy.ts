import { type Server, type Socket, connect, createServer } from 'node:net'

/** Bytes that one direction of one connection may hold back; beyond that nothing more is read from its sender. */
const HELD_BYTES_MAX = 1024 * 1024

/** A port of 127.0.0.1, or the path of a Unix socket. */
export type Address = { readonly port: number } | { readonly path: string }

/** `up`: from the one who connected to the target. `down`: back to them. */
export type Direction = 'up' | 'down'

/** What happens to the bytes of one direction, of open connections and of new ones. */
export type LinkState =
  /** They pass, each `latencyMs` late. */
  | { readonly kind: 'open'; readonly latencyMs?: number }
  /** They wait, and pass when this ends: a slow or stopped path. */
  | { readonly kind: 'stalled' }
  /** They vanish without a word: a dead path. What lost bytes is reset when this ends, for it cannot go on. */
  | { readonly kind: 'blackholed' }

const OPEN: LinkState = { kind: 'open' }

/**
 * A TCP proxy that does to connections what networks do. It stands between any two processes and passes everything
 * until it is told otherwise.
 */
export class TcpProxy implements AsyncDisposable {
  readonly #target: Address
  readonly #server: Server
  readonly #connections = new Set<ProxiedConnection>()
  readonly #states: Record<Direction, LinkState> = { up: OPEN, down: OPEN }

  private constructor(target: Address) {
    this.#target = target
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket))
  }

  /** @throws when `from` cannot be listened on; port 0 takes any free one */
  static async listen(target: Address, from: Address = { port: 0 }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target)
    const options = 'port' in from ? { port: from.port, host: '127.0.0.1' } : { path: from.path }
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject)
      proxy.#server.listen(options, resolve)
    })
    return proxy
  }

  /** Where it listens. @throws when that is no port */
  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') {
      throw new Error('the proxy listens on no port')
    }
    return address.port
  }

  get connections(): number {
    return this.#connections.size
  }

  /** Sets both directions, or one. */
  set(state: LinkState, directions: readonly Direction[] = ['up', 'down']): void {
    for (const direction of directions) {
      this.#states[direction] = state
      this.#connections.forEach((connection) => connection.set(direction, state))
    }
  }

  /** Everything passes again. */
  heal(): void {
    this.set(OPEN)
  }

  /** Ends all connections as a crash does: RST on both sides. */
  reset(): void {
    this.#connections.forEach((connection) => connection.reset())
  }

  /** Ends one direction of every connection as a program does that has said all: FIN, the other direction goes on. */
  halfClose(direction: Direction): void {
    this.#connections.forEach((connection) => connection.halfClose(direction))
  }

  /** Ends every open connection after `bytes` more in this direction, wherever in a message that is. */
  cutAfter(bytes: number, direction: Direction): void {
    this.#connections.forEach((connection) => connection.cutAfter(bytes, direction))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#connections.forEach((connection) => connection.reset())
    await closed
  }

  #accept(socket: Socket): void {
    const target = 'port' in this.#target ? { ...this.#target, host: '127.0.0.1' } : this.#target
    const upstream = connect({ ...target, allowHalfOpen: true })
    const connection = new ProxiedConnection(socket, upstream, this.#states)
    this.#connections.add(connection)
    connection.onEnd = () => this.#connections.delete(connection)
  }
}

class ProxiedConnection {
  readonly #sockets: readonly Socket[]
  readonly #pipes: Record<Direction, Pipe>
  onEnd = () => {}

  constructor(client: Socket, upstream: Socket, states: Readonly<Record<Direction, LinkState>>) {
    this.#sockets = [client, upstream]
    this.#pipes = { up: new Pipe(client, upstream, states.up), down: new Pipe(upstream, client, states.down) }
    for (const socket of this.#sockets) {
      socket.setNoDelay(true)
      socket.on('error', () => this.reset())
      socket.on('close', () => this.#onClose())
    }
  }

  set(direction: Direction, state: LinkState): void {
    if (this.#pipes[direction].set(state) === 'broken') {
      this.reset()
    }
  }

  halfClose(direction: Direction): void {
    this.#pipes[direction].end()
  }

  cutAfter(bytes: number, direction: Direction): void {
    this.#pipes[direction].cutAfter(bytes)
  }

  reset(): void {
    this.#sockets.forEach((socket) => socket.resetAndDestroy())
  }

  /** A path that is not open passes no end either: the other side learns of it when it heals. */
  #onClose(): void {
    if (this.#sockets.every((socket) => socket.destroyed)) {
      Object.values(this.#pipes).forEach((pipe) => pipe.stop())
      this.onEnd()
    }
  }
}

type Held = { readonly due: number; readonly bytes: Buffer | 'end' }

/** One direction of one connection. */
class Pipe {
  readonly #from: Socket
  readonly #to: Socket
  #state: LinkState
  #held: Held[] = []
  #heldBytes = 0
  #timer: Timer | undefined
  #left = Infinity
  #lost = false

  constructor(from: Socket, to: Socket, state: LinkState) {
    this.#from = from
    this.#to = to
    this.#state = state
    from.on('data', (bytes: Buffer) => this.#take(bytes))
    from.on('end', () => this.#take('end'))
    from.on('close', () => this.#take('end'))
    to.on('drain', () => this.#flush())
  }

  /** `broken`: bytes were lost in between, so that the connection makes no sense any more. */
  set(state: LinkState): 'sound' | 'broken' {
    this.#state = state
    if (state.kind === 'blackholed') {
      this.#lost ||= this.#heldBytes > 0
      this.#drop()
    } else if (this.#lost) {
      return 'broken'
    }
    this.#flush()
    return 'sound'
  }

  end(): void {
    this.#to.end()
  }

  cutAfter(bytes: number): void {
    this.#left = bytes
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#drop()
  }

  #take(bytes: Buffer | 'end'): void {
    if (this.#state.kind === 'blackholed') {
      this.#lost = true
      return
    }
    const latency = this.#state.kind === 'open' ? (this.#state.latencyMs ?? 0) : 0
    this.#held.push({ due: performance.now() + latency, bytes })
    this.#heldBytes += bytes === 'end' ? 0 : bytes.length
    this.#flush()
  }

  #flush(): void {
    clearTimeout(this.#timer)
    while (this.#state.kind === 'open' && !this.#to.writableNeedDrain) {
      const next = this.#held[0]
      if (next === undefined) {
        break
      }
      const late = next.due - performance.now()
      if (late > 0) {
        this.#timer = setTimeout(() => this.#flush(), late)
        break
      }
      this.#held.shift()
      this.#pass(next.bytes)
    }
    if (this.#heldBytes > HELD_BYTES_MAX) {
      this.#from.pause()
    } else {
      this.#from.resume()
    }
  }

  #pass(bytes: Buffer | 'end'): void {
    if (this.#to.destroyed || this.#left === 0) {
      this.#heldBytes -= bytes === 'end' ? 0 : bytes.length
      return
    }
    if (bytes === 'end') {
      this.#to.end()
      return
    }
    this.#heldBytes -= bytes.length
    const passed = bytes.subarray(0, this.#left)
    this.#left -= passed.length
    this.#to.write(passed)
    if (this.#left === 0) {
      // No RST to the receiver: it would take what has just been passed with it.
      this.#to.end()
      this.#from.resetAndDestroy()
    }
  }

  #drop(): void {
    this.#held = []
    this.#heldBytes = 0
    this.#from.resume()
  }
}
