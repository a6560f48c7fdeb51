import { connect, type Socket } from 'node:net'

/** A WebSocket client of bytes: sends frames a library would not, and stops reading when told. */
export class RawSocket {
  readonly ended: Promise<void>
  readonly #socket: Socket
  #bytes = Buffer.alloc(0)
  #onBytes: (() => void)[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    this.ended = new Promise((resolve) => {
      socket.on('close', () => resolve())
      socket.on('error', () => resolve())
      socket.on('end', () => resolve())
    })
    socket.on('data', (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.from(bytes)])
      for (const wake of this.#onBytes.splice(0)) {
        wake()
      }
    })
  }

  static async open(url: string): Promise<RawSocket> {
    const { hostname, port, pathname } = new URL(url)
    const raw = new RawSocket(connect(Number(port), hostname))
    raw.write(
      [
        `GET ${pathname} HTTP/1.1`,
        `Host: ${hostname}:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Protocol: tam.v1',
        '\r\n',
      ].join('\r\n'),
    )
    await raw.received('101 Switching')
    return raw
  }

  write(bytes: Uint8Array | string): void {
    this.#socket.write(bytes)
  }

  /** One masked text frame. */
  sendText(text: string): void {
    this.write(maskedText(text))
  }

  /** Resolves when `text` has arrived. */
  received(text: string): Promise<void> {
    return this.receivedTimes(text, 1)
  }

  /** Resolves when `text` has arrived `times` times. */
  async receivedTimes(text: string, times: number): Promise<void> {
    while (this.#bytes.toString('latin1').split(text).length - 1 < times) {
      await new Promise<void>((resolve) => this.#onBytes.push(resolve))
    }
  }

  /** The code of the last frame, when that is a close frame. */
  closeCode(): number | undefined {
    const at = this.#bytes.lastIndexOf(Uint8Array.from([0x88]))
    return at === -1 ? undefined : this.#bytes.readUInt16BE(at + 2)
  }

  pause(): void {
    this.#socket.pause()
    // Whoever does not read does not see the end either: writing finds out.
    const probe = setInterval(() => this.#socket.write(maskedText('{"t":"ping"}')), 20)
    this.#socket.on('close', () => clearInterval(probe))
    this.#socket.on('error', () => clearInterval(probe))
  }

  end(): void {
    this.#socket.destroy()
  }
}

export function maskedText(text: string): Uint8Array {
  const payload = Buffer.from(text)
  const mask = [7, 11, 13, 17]
  const length =
    payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 0xff]
  return Uint8Array.from([0x81, ...length, ...mask, ...payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))])
}
