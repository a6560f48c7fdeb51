import { SUBPROTOCOL, type DownFrame } from '@tam/protocol'

export type Frame = DownFrame & { readonly t: string }
type Of<T extends string> = Extract<DownFrame, { t: T }> & { readonly t: T }

interface Waiter {
  readonly matches: (frame: Frame) => boolean
  readonly resolve: (frame: Frame) => void
}

/** A client of few words: sends what it is told, remembers every frame, and notices any hole or double. */
export class TestClient implements AsyncDisposable {
  readonly frames: Frame[] = []
  /** Seqs received, by log. */
  readonly seqs = new Map<string, number[]>()
  /** Departures from seq + 1. */
  readonly violations: string[] = []
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  readonly #socket: WebSocket
  readonly #expected = new Map<string, number>()
  #waiters: Waiter[] = []
  readonly #syncs = new Map<number, Record<string, number>>()
  #user = ''
  #ids = 0

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#socket = new WebSocket(url, { protocols: [SUBPROTOCOL], headers } as never)
    this.#socket.addEventListener('message', ({ data }) => this.#receive(String(data)))
    this.closed = new Promise((resolve) => {
      this.#socket.addEventListener('close', ({ code, reason }) => resolve({ code, reason }))
    })
  }

  async opened(): Promise<this> {
    if (this.#socket.readyState === WebSocket.CONNECTING) {
      await new Promise<void>((resolve, reject) => {
        this.#socket.addEventListener('open', () => resolve())
        this.#socket.addEventListener('close', ({ code }) => reject(new Error(`closed ${code} before open`)))
      })
    }
    return this
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  sendText(text: string): void {
    this.#socket.send(text)
  }

  sendBytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#socket.send(bytes)
  }

  send(frame: object): void {
    this.sendText(JSON.stringify(frame))
  }

  /** The reply, `ok` or `err`, to a command. */
  async ask(frame: object): Promise<Record<string, unknown>> {
    const id = ++this.#ids
    this.send({ ...frame, id })
    return (await this.next(
      (reply) => 'id' in reply && reply.id === id && reply.t !== 'conversations',
    )) as unknown as Record<string, unknown>
  }

  async auth(token: string): Promise<Of<'hello'>> {
    this.send({ t: 'auth', token, device: 'device-0001' })
    return this.frame('hello')
  }

  /** Where the sequence of `log` goes on: the next entry must be seq + 1. */
  expectAfter(log: string, seq: number): void {
    this.#expected.set(log, seq + 1)
  }

  /** Sequences go on from the cursors, or from the heads of the answer, as soon as it arrives. */
  async sync(cursors: Record<string, number> = {}, epoch?: string): Promise<Record<string, unknown>> {
    this.#syncs.set(this.#ids + 1, cursors)
    return this.ask({ t: 'sync', cursors, ...(epoch === undefined ? {} : { epoch }) })
  }

  /** The first frame of a kind, from those already here on. */
  async frame<T extends Frame['t']>(t: T): Promise<Of<T>> {
    return (await this.next((frame) => frame.t === t)) as Of<T>
  }

  /** The entry of `log` with this seq, received already or yet to come. */
  async entry(log: string, seq: number): Promise<Record<string, unknown>> {
    const holds = (frame: Frame) =>
      frame.t === 'entry' && frame.conv === log && frame.entries.some((entry) => entry.seq === seq)
    const frame = (await this.next(holds)) as Of<'entry'>
    return frame.entries.find((entry) => entry.seq === seq) as unknown as Record<string, unknown>
  }

  /** The first frame that matches, received already or yet to come. */
  next(matches: (frame: Frame) => boolean): Promise<Frame> {
    const found = this.frames.find(matches)
    if (found !== undefined) {
      return Promise.resolve(found)
    }
    return new Promise((resolve, reject) => {
      this.#waiters.push({ matches, resolve })
      void this.closed.then(({ code }) => reject(new Error(`closed ${code} while waiting`)))
    })
  }

  /** Proves that everything sent before was handled. */
  async settle(): Promise<void> {
    const pongs = this.frames.filter(({ t }) => t === 'pong').length
    this.send({ t: 'ping' })
    await this.next(
      (frame) => frame.t === 'pong' && this.frames.filter(({ t }) => t === 'pong').length > pongs,
    )
  }

  close(): void {
    this.#socket.close()
  }

  terminate(): void {
    this.#socket.terminate()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate()
    await this.closed
  }

  #receive(text: string): void {
    const frame = JSON.parse(text) as Frame
    this.frames.push(frame)
    if (frame.t === 'entry') {
      for (const { seq } of frame.entries) {
        this.#count(frame.conv, seq)
      }
    } else if (frame.t === 'ok' && 'conversations' in frame) {
      const cursors = this.#syncs.get(frame.id) ?? {}
      for (const { id, head } of [...frame.conversations, { id: this.#user, head: frame.user.head }]) {
        this.expectAfter(id, cursors[id] ?? head)
      }
    } else if (frame.t === 'hello') {
      this.#user = frame.user.id
    } else if (frame.t === 'resync') {
      this.#expected.set(frame.conv, frame.head + 1)
    }
    const waiting = this.#waiters
    this.#waiters = waiting.filter(({ matches }) => !matches(frame))
    for (const waiter of waiting.filter(({ matches }) => matches(frame))) {
      waiter.resolve(frame)
    }
  }

  #count(log: string, seq: number): void {
    const expected = this.#expected.get(log) ?? seq
    if (seq !== expected) {
      this.violations.push(`${log}: ${seq} instead of ${expected}`)
    }
    this.#expected.set(log, seq + 1)
    const seqs = this.seqs.get(log)
    if (seqs === undefined) {
      this.seqs.set(log, [seq])
    } else {
      seqs.push(seq)
    }
  }
}
