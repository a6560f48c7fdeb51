import { createServer, type Socket } from 'node:net'
import type { Server, ServerWebSocket } from 'bun'

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: Headers
}

/**
 * A server as a balancer sees one: `/readyz`, requests, WebSockets. Those answer `who` with the port, `close` by
 * closing 4412, anything else with the same.
 */
export class StandIn implements AsyncDisposable {
  readonly seen: SeenRequest[] = []
  openSockets = 0
  admitted = 0
  /** Health checks that were answered 503. */
  failedChecks = 0
  #draining = false
  readonly #server: Server<undefined>

  /** @param refuses whether it refuses WebSockets while it drains, as Tám does, or relies on its health check alone */
  constructor(options: { refuses?: boolean; hostname?: string; port?: number } = {}) {
    const { refuses = true, hostname = '127.0.0.1', port = 0 } = options
    this.#server = Bun.serve({
      hostname,
      port,
      fetch: (request, server) => this.#answer(request, server, refuses),
      websocket: {
        open: () => void this.openSockets++,
        close: () => void this.openSockets--,
        message: (socket, text) => this.#react(socket, String(text)),
      },
    })
  }

  get port(): number {
    return this.#server.port ?? 0
  }

  /** Requests that are no health checks. */
  get requests(): readonly SeenRequest[] {
    return this.seen.filter(({ path }) => path !== '/readyz')
  }

  drain(): void {
    this.#draining = true
  }

  /** Ends it at once, in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.#server.stop(true)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }

  #react(socket: ServerWebSocket, text: string): void {
    if (text === 'close') {
      socket.close(4412)
    } else {
      socket.send(text === 'who' ? String(this.port) : text)
    }
  }

  #answer(request: Request, server: Server<undefined>, refuses: boolean): Response | undefined {
    const path = new URL(request.url).pathname
    if (path === '/readyz') {
      this.failedChecks += this.#draining ? 1 : 0
      return new Response(null, { status: this.#draining ? 503 : 200 })
    }
    this.seen.push({ method: request.method, path, headers: request.headers })
    if (path !== '/ws') {
      return new Response(path)
    }
    if (this.#draining && refuses) {
      return new Response(null, { status: 503 })
    }
    if (!server.upgrade(request)) {
      return new Response(null, { status: 400 })
    }
    this.admitted++
    return undefined
  }
}

/** A server that is ready, and cuts every other connection as soon as it has read the request. */
export class CuttingStandIn implements AsyncDisposable {
  readonly requests: string[] = []
  readonly #server = createServer((socket) => this.#serve(socket))

  static async start(): Promise<CuttingStandIn> {
    const standIn = new CuttingStandIn()
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve))
    return standIn
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(socket: Socket): void {
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      const [line = ''] = bytes.toString('latin1').split('\r\n')
      if (line.startsWith('GET /readyz ')) {
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
        return
      }
      this.requests.push(line)
      socket.destroy()
    })
  }
}
