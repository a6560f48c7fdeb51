import { AppError } from '../../errors.ts'
import type { Logger } from '../../observability/logger.ts'
import { err } from '../frames/encode.ts'
import type { Flusher } from '../hub/flusher.ts'
import type { Connection } from '../hub/state.ts'

export interface InFlightDeps {
  readonly logger: Logger
  readonly flusher: Pick<Flusher, 'reply'>
  /** One command of the connection is no longer in flight. */
  readonly onSettled: (connection: Connection) => void
}

/** Commands that wait for the store while their connection goes on; a drain waits for them. */
export class InFlight {
  readonly #deps: InFlightDeps
  #count = 0
  #idle: (() => void) | undefined

  constructor(deps: InFlightDeps) {
    this.#deps = deps
  }

  get count(): number {
    return this.#count
  }

  /** Answers a refusal with `err`; without `id` a refusal stays unanswered. */
  track(connection: Connection, id: number | undefined, command: Promise<unknown>): void {
    this.#count++
    connection.inFlight++
    command.then(
      () => this.#settle(connection),
      (error: unknown) => {
        this.#refuse(connection, id, error)
        this.#settle(connection)
      },
    )
  }

  /** Resolves when nothing is in flight. */
  idle(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => (this.#idle = resolve))
  }

  #refuse(connection: Connection, id: number | undefined, error: unknown): void {
    if (!(error instanceof AppError)) {
      this.#deps.logger.error({ err: error }, 'a command failed')
    }
    if (id !== undefined) {
      this.#deps.flusher.reply(connection, refusalFrame(id, error))
    }
  }

  #settle(connection: Connection): void {
    connection.inFlight--
    this.#count--
    if (this.#count === 0) {
      this.#idle?.()
      this.#idle = undefined
    }
    this.#deps.onSettled(connection)
  }
}

/** The one place that turns what a command threw into a frame. */
export function refusalFrame(id: number | undefined, error: unknown): string {
  if (!(error instanceof AppError)) {
    return err(id, 'internal')
  }
  const [field] = error.errors
  return err(id, error.code, field === undefined ? undefined : `${field.field}: ${field.message}`)
}
