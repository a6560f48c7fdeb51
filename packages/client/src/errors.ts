import type { TamErrorShape } from './api.ts'

/** Everything the SDK throws. */
export class TamError extends Error implements TamErrorShape {
  override name = 'TamError'
  readonly code: string
  readonly retryable: boolean
  readonly retryAfterMs?: number
  readonly errors: readonly { readonly field: string; readonly message: string }[]

  constructor(
    code: string,
    options: Partial<Omit<TamErrorShape, 'code'>> & { message?: string; cause?: unknown } = {},
  ) {
    super(options.message ?? code, { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
    this.errors = options.errors ?? []
    if (options.retryAfterMs !== undefined) {
      this.retryAfterMs = options.retryAfterMs
    }
  }
}
