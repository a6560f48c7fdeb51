import type { DownFrame, HelloFrame, UpFrame } from '@tam/protocol'
import type { Cancel, Clock } from '@tam/util'
import { decodeFrame } from './frame.ts'
import { Heartbeat } from './heartbeat.ts'
import type { OpenTransport, Transport } from './transport.ts'

/** Milliseconds from the attempt to connect until `hello`. */
export const HANDSHAKE_TIMEOUT_MS = 10_000

/** Why a link ended: a close code of the server, or a reason of our own. */
export type LinkEnd =
  | { readonly type: 'closed'; readonly code: number; readonly reason: string }
  | { readonly type: 'handshake-timeout' }
  | { readonly type: 'dead' }
  | { readonly type: 'broken-frame'; readonly error: unknown }

export interface LinkOptions {
  readonly open: OpenTransport
  readonly clock: Clock
  readonly token: string
  readonly device: string
  readonly onHello: (hello: HelloFrame) => void
  /** Everything after `hello` but pongs and renewed hellos. */
  readonly onFrame: (frame: DownFrame) => void
  /** Once; the transport is closed already. Not called after `close`. */
  readonly onEnd: (end: LinkEnd) => void
}

/** One transport's life: handshake, heartbeat, frames. Ends once and never comes back. */
export class Link {
  readonly token: string
  readonly #options: LinkOptions
  readonly #transport: Transport
  #cancelHandshake: Cancel
  #heartbeat: Heartbeat | undefined
  #ended = false

  constructor(options: LinkOptions) {
    this.#options = options
    this.token = options.token
    this.#cancelHandshake = options.clock.after(HANDSHAKE_TIMEOUT_MS, () =>
      this.#end({ type: 'handshake-timeout' }),
    )
    this.#transport = options.open({
      onOpen: () => this.renew(options.token),
      onFrame: (text) => this.#receive(text),
      onClose: (code, reason) => this.#end({ type: 'closed', code, reason }),
    })
  }

  /** True from `hello` on: commands are allowed. */
  get greeted(): boolean {
    return this.#heartbeat !== undefined
  }

  send(frame: UpFrame): void {
    if (!this.#ended) {
      this.#transport.send(JSON.stringify(frame))
    }
  }

  /** Proves with a fresh token that the login still holds. */
  renew(token: string): void {
    this.send({ t: 'auth', token, device: this.#options.device })
  }

  probe(): void {
    this.#heartbeat?.probe()
  }

  close(): void {
    if (!this.#ended) {
      this.#release()
    }
  }

  #receive(text: string): void {
    if (this.#ended) {
      return
    }
    this.#heartbeat?.heard()
    let frame: DownFrame | undefined
    try {
      frame = decodeFrame(text)
    } catch (error) {
      this.#end({ type: 'broken-frame', error })
      return
    }
    if (frame?.t === 'hello') {
      this.#greet(frame)
    } else if (frame !== undefined && frame.t !== 'pong' && this.#heartbeat !== undefined) {
      this.#options.onFrame(frame)
    }
  }

  #greet(hello: HelloFrame): void {
    if (this.#heartbeat !== undefined) {
      return
    }
    this.#cancelHandshake()
    this.#heartbeat = new Heartbeat({
      clock: this.#options.clock,
      intervalMs: hello.heartbeatMs,
      ping: () => this.send({ t: 'ping' }),
      onDead: () => this.#end({ type: 'dead' }),
    })
    this.#options.onHello(hello)
  }

  #end(end: LinkEnd): void {
    if (!this.#ended) {
      this.#release()
      this.#options.onEnd(end)
    }
  }

  #release(): void {
    this.#ended = true
    this.#cancelHandshake()
    this.#heartbeat?.stop()
    this.#transport.close()
  }
}
