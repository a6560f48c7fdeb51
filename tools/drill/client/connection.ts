import { SUBPROTOCOL } from '@tam/protocol'
import type { DownFrame, UpFrame } from '@tam/protocol'

/** Milliseconds from dialling to the answer to sync. */
const HANDSHAKE_MS = 5_000

export interface ConnectionOptions {
  readonly url: string
  readonly token: string
  readonly device: string
  onFrame(frame: DownFrame): void
  /** The socket is gone, for whatever reason; called once. */
  onClose(code: number): void
}

/** One socket's life: dials, authenticates, then passes frames. */
export class Connection {
  readonly #socket: WebSocket
  readonly #options: ConnectionOptions
  readonly #deadline: Timer
  #isClosed = false

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#deadline = setTimeout(() => this.close(), HANDSHAKE_MS)
    this.#socket = new WebSocket(options.url, SUBPROTOCOL)
    this.#socket.addEventListener('open', () => {
      this.send({ t: 'auth', token: options.token, device: options.device })
    })
    this.#socket.addEventListener('message', ({ data }) => {
      if (!this.#isClosed) {
        options.onFrame(JSON.parse(String(data)) as DownFrame)
      }
    })
    this.#socket.addEventListener('close', ({ code }) => this.#closed(code))
    this.#socket.addEventListener('error', () => this.#closed(1006))
  }

  /** The handshake is over; from now on the connection may be silent. */
  established(): void {
    clearTimeout(this.#deadline)
  }

  send(frame: UpFrame): void {
    if (!this.#isClosed && this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify(frame))
    }
  }

  close(): void {
    this.#socket.close()
    this.#closed(1000)
  }

  #closed(code: number): void {
    if (!this.#isClosed) {
      this.#isClosed = true
      clearTimeout(this.#deadline)
      this.#options.onClose(code)
    }
  }
}
