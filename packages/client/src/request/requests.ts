import type { ErrFrame, HistoryFrame, OkFrame, SendFrame, SyncFrame, UpFrame } from '@tam/protocol'
import type { Cancel, Clock } from '@tam/util'
import { TamError } from '../errors.ts'

/** Milliseconds without an answer after which the outcome of a command is unknown. */
export const REQUEST_TIMEOUT_MS = 10_000
/** Commands without an answer at one time; more fail with `busy`. */
export const REQUESTS_MAX = 500

/** A command that is answered by `ok` or `err`, before it got its id. */
export type Command = WithoutId<SyncFrame> | WithoutId<SendFrame> | WithoutId<HistoryFrame>
type WithoutId<T> = Omit<T, 'id'>

/** Called with the answer before any later frame is looked at; what it throws rejects the request. */
export type OnAnswer = (frame: OkFrame) => void

interface Pending {
  readonly onAnswer: OnAnswer | undefined
  resolve(frame: OkFrame): void
  reject(error: unknown): void
  cancel: Cancel
}

/** Pairs commands with their answers by id. */
export class Requests {
  readonly #send: (frame: UpFrame) => boolean
  readonly #clock: Clock
  readonly #pending = new Map<number, Pending>()
  #lastId = 0

  constructor(options: { send: (frame: UpFrame) => boolean; clock: Clock }) {
    this.#send = options.send
    this.#clock = options.clock
  }

  /** Rejects with TamError: the refusal's code, `timeout`, or `offline` when there is no connection to ask. */
  request(command: Command, onAnswer?: OnAnswer): Promise<OkFrame> {
    return new Promise((resolve, reject) => {
      if (this.#pending.size >= REQUESTS_MAX) {
        reject(new TamError('busy', { retryable: true }))
        return
      }
      const id = ++this.#lastId
      const cancel = this.#clock.after(REQUEST_TIMEOUT_MS, () => {
        this.#take(id)?.reject(new TamError('timeout', { retryable: true }))
      })
      this.#pending.set(id, { onAnswer, resolve, reject, cancel })
      if (!this.#send({ ...command, id })) {
        this.#take(id)?.reject(new TamError('offline', { retryable: true }))
      }
    })
  }

  /** Delivers an answer; one that nobody waits for any more is dropped. */
  settle(frame: OkFrame | ErrFrame): void {
    if (frame.id === undefined) {
      return
    }
    const pending = this.#take(frame.id)
    if (pending === undefined) {
      return
    }
    if (frame.t === 'ok') {
      accept(pending, frame)
    } else {
      const message = frame.detail === undefined ? frame.code : `${frame.code}: ${frame.detail}`
      pending.reject(new TamError(frame.code, { retryable: frame.retry, message }))
    }
  }

  /** The connection is gone: the outcome of everything in flight is unknown. */
  failAll(): void {
    for (const id of this.#pending.keys()) {
      this.#take(id)?.reject(new TamError('offline', { retryable: true }))
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    pending?.cancel()
    return pending
  }
}

function accept({ onAnswer, resolve, reject }: Pending, frame: OkFrame): void {
  try {
    onAnswer?.(frame)
    resolve(frame)
  } catch (error) {
    reject(error)
  }
}
