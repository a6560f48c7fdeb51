import { sqliteCode } from './kv.sqlite.errors.ts'

/** The thread can vouch for nothing any more and handles no further message. */
export interface ThreadFatal {
  readonly kind: 'fatal'
  /** SQLite's name of the error; empty when the thread itself died. */
  readonly code: string
  readonly message: string
}

/** A Worker that answers messages in order; see `serveThread` for its side. */
export class Thread<Request, Answer> {
  readonly #worker: Worker

  constructor(url: URL, onAnswer: (answer: Answer | ThreadFatal) => void) {
    this.#worker = new Worker(url.href)
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => onAnswer(data))
    this.#worker.addEventListener('error', ({ message }) => onAnswer({ kind: 'fatal', code: '', message }))
  }

  post(request: Request): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a Worker has none
    this.#worker.postMessage(request)
  }

  terminate(): void {
    this.#worker.terminate()
  }
}

declare const self: Worker

/** Answers every message by `handle`, up to the first that throws: what it was doing may or may not be done. */
export function serveThread<Request, Answer>(handle: (request: Request) => Answer | undefined): void {
  let failed = false
  const post = (answer: Answer | ThreadFatal | undefined) => {
    if (answer !== undefined) {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a Worker has none
      self.postMessage(answer)
    }
  }
  self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
    if (failed) {
      return
    }
    try {
      post(handle(data))
    } catch (error) {
      failed = true
      post({
        kind: 'fatal',
        code: sqliteCode(error),
        message: error instanceof Error ? error.message : String(error),
      })
    }
  })
}
