import { chmodSync, lstatSync, rmSync } from 'node:fs'
import { type Server, type Socket, createServer } from 'node:net'
import { FrameReader, type KvReply, type KvRequest, type KvResults, encodeFrame } from './kv.remote.frames.ts'
import { type Kv, StorageFull } from './kv.ts'

/** Calls of one connection in flight; while there are as many, nothing more is read from it. */
const REQUESTS_MAX = 8_192

export interface KvServerOptions {
  /** Stays the caller's to close. Whoever holds it owns the store, so that a socket left at `path` is a dead one's. */
  readonly kv: Kv
  /** Of the Unix socket; only this user may connect. */
  readonly path: string
}

/** Serves a store to other processes of this machine. @throws when the path cannot be listened on */
export async function serveKv({ kv, path }: KvServerOptions): Promise<AsyncDisposable> {
  removeDeadSocket(path)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    new Peer(kv, socket).listen()
  })
  await listen(server, path)
  chmodSync(path, 0o600)
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      sockets.forEach((socket) => socket.destroy())
      await closed
    },
  }
}

function removeDeadSocket(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) {
    rmSync(path)
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
}

/** One connected process. Its calls start in the order they come; answers leave when they are there. */
class Peer {
  readonly #kv: Kv
  readonly #socket: Socket
  readonly #reader = new FrameReader()
  #inFlight = 0
  #corked = false

  constructor(kv: Kv, socket: Socket) {
    this.#kv = kv
    this.#socket = socket
  }

  listen(): void {
    this.#socket.on('data', (chunk: Buffer) => this.#onData(chunk))
    // `close` follows; what was asked goes on, and nobody hears the answer.
    this.#socket.on('error', () => {})
  }

  #onData(chunk: Buffer): void {
    try {
      for (const request of this.#reader.push(chunk)) {
        void this.#answer(request as KvRequest)
      }
    } catch {
      this.#socket.destroy()
    }
  }

  async #answer(request: KvRequest): Promise<void> {
    if (++this.#inFlight === REQUESTS_MAX) {
      this.#socket.pause()
    }
    const { id } = request
    try {
      this.#write({ id, result: await this.#carryOut(request) })
    } catch (error) {
      const kind = error instanceof StorageFull ? 'full' : 'unknown'
      this.#write({ id, error: kind, message: error instanceof Error ? error.message : String(error) })
    }
    if (this.#inFlight-- === REQUESTS_MAX) {
      this.#socket.resume()
    }
  }

  async #carryOut(request: KvRequest): Promise<KvResults[keyof KvResults]> {
    switch (request.op) {
      case 'get':
        return (await this.#kv.get(request.partition, request.key)) ?? null
      case 'getMany':
        return (await this.#kv.getMany(request.refs)).map((row) => row ?? null)
      case 'scan':
        return this.#kv.scan(request.partition, request.range)
      case 'commit':
        return this.#kv.commit(request.partition, request.change)
      default:
        throw new Error('there is no such call')
    }
  }

  #write(reply: KvReply): void {
    if (this.#socket.destroyed) {
      return
    }
    if (!this.#corked) {
      this.#corked = true
      this.#socket.cork()
      setImmediate(() => {
        this.#corked = false
        this.#socket.uncork()
      })
    }
    this.#socket.write(encodeFrame(reply))
  }
}
