import type { Clock } from '@tam/util'
import { TamError } from '../errors.ts'

/** Milliseconds until a call without an answer fails with `timeout`; uploads get longer. */
export const HTTP_TIMEOUT_MS = 15_000
export const UPLOAD_TIMEOUT_MS = 120_000

/** Statuses of refusals that may end by themselves; 507, no space left, is not one of them. */
const TEMPORARY = new Set([408, 425, 429, 500, 502, 503, 504])

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly json?: unknown
  readonly blob?: Blob
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * Sends one call and returns the parsed JSON body, undefined for 204.
 * Anything that is not an answer of the server (no network, a captive portal's page, a proxy's error page)
 * is `offline` or `unavailable`, never a refusal.
 */
export class Http {
  readonly #url: string
  readonly #fetch: Fetch
  readonly #clock: Clock

  constructor(options: { url: string; fetch: Fetch; clock: Clock }) {
    this.#url = options.url
    this.#fetch = options.fetch
    this.#clock = options.clock
  }

  async send(call: HttpCall): Promise<unknown> {
    const deadline = new AbortController()
    const cancel = this.#clock.after(call.timeoutMs ?? HTTP_TIMEOUT_MS, () => deadline.abort())
    try {
      const response = await this.#fetch(
        new URL(call.path, this.#url).href,
        requestInit(call, deadline.signal),
      )
      return await readAnswer(response)
    } catch (error) {
      throw asTamError(error, { timedOut: deadline.signal.aborted, aborted: call.signal?.aborted === true })
    } finally {
      cancel()
    }
  }
}

function requestInit(call: HttpCall, deadline: AbortSignal): RequestInit {
  const headers = new Headers(call.headers)
  if (call.json !== undefined) {
    headers.set('content-type', 'application/json')
  }
  if (call.token !== undefined) {
    headers.set('authorization', `Bearer ${call.token}`)
  }
  return {
    method: call.method,
    headers,
    body: call.json === undefined ? (call.blob ?? null) : JSON.stringify(call.json),
    credentials: 'same-origin',
    cache: 'no-store',
    // A redirect is a captive portal's or a wrong address; the API has none.
    redirect: 'error',
    signal: call.signal === undefined ? deadline : AbortSignal.any([deadline, call.signal]),
  }
}

async function readAnswer(response: Response): Promise<unknown> {
  if (response.status === 204) {
    return undefined
  }
  const type = response.headers.get('content-type') ?? ''
  if (response.ok && type.startsWith('application/json')) {
    return await response.json()
  }
  if (!response.ok && type.startsWith('application/problem+json')) {
    throw problemError(response, await response.json())
  }
  throw response.status >= 500
    ? new TamError('unavailable', { retryable: true, message: `HTTP ${response.status} without a problem` })
    : new TamError('offline', { retryable: true, message: `not an answer of the server: ${type}` })
}

function problemError(response: Response, body: unknown): TamError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as {
    code?: unknown
    title?: unknown
    detail?: unknown
    errors?: unknown
  }
  const code = typeof problem.code === 'string' ? problem.code : 'protocol'
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new TamError(code, {
    retryable: TEMPORARY.has(response.status),
    message: String(problem.detail ?? problem.title ?? code),
    errors: Array.isArray(problem.errors) ? problem.errors.filter(isFieldError) : [],
    ...(Number.isFinite(seconds) && { retryAfterMs: seconds * 1000 }),
  })
}

function isFieldError(value: unknown): value is { field: string; message: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { field?: unknown }).field === 'string' &&
    typeof (value as { message?: unknown }).message === 'string'
  )
}

function asTamError(error: unknown, why: { timedOut: boolean; aborted: boolean }): TamError {
  if (error instanceof TamError) {
    return error
  }
  if (why.aborted) {
    return new TamError('aborted', { cause: error })
  }
  if (why.timedOut) {
    return new TamError('timeout', { retryable: true, cause: error })
  }
  return new TamError('offline', { retryable: true, cause: error })
}
