import { ERROR, type ErrorCodeName } from '@tam/protocol'

export interface FieldError {
  /** Dotted path of the field, e.g. `memberIds.3`. */
  readonly field: string
  readonly message: string
}

/** An expected refusal: mapped to a problem (HTTP) or an `err` frame (socket) by the edge, in one place each. */
export class AppError extends Error {
  override name = 'AppError'
  readonly code: ErrorCodeName
  readonly errors: readonly FieldError[]
  readonly retryAfterMs: number | undefined

  constructor(
    code: ErrorCodeName,
    options: { detail?: string; errors?: readonly FieldError[]; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(options.detail ?? ERROR[code].title, { cause: options.cause })
    this.code = code
    this.errors = options.errors ?? []
    this.retryAfterMs = options.retryAfterMs
  }
}
