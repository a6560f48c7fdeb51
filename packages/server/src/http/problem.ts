import { ERROR, type ErrorCodeName, type Problem } from '@tam/protocol'
import { HTTPException } from 'hono/http-exception'
import type { ZodError } from 'zod'
import { AppError, type FieldError } from '../errors.ts'
import { BlobsFull, BlobsUnavailable } from '../ports/blobs/blobs.ts'
import { StorageFull, UnknownOutcome } from '../ports/kv/kv.ts'

/** Fields named in one problem; a request can be wrong in more ways than a person wants to read. */
const FIELD_ERRORS_MAX = 20
const FIELD_NAME_MAX = 200

/** The refusal that `error` means, or undefined for a bug. */
export function toAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) {
    return error
  }
  if (error instanceof StorageFull || error instanceof BlobsFull) {
    return new AppError('storage_full')
  }
  if (error instanceof UnknownOutcome) {
    return new AppError('unknown', { retryAfterMs: 1_000 })
  }
  if (error instanceof BlobsUnavailable) {
    return new AppError('unavailable', { retryAfterMs: 2_000 })
  }
  if (error instanceof HTTPException) {
    return new AppError(HTTP_CODES[error.status] ?? 'invalid_request')
  }
  return undefined
}

const HTTP_CODES: Partial<Record<number, ErrorCodeName>> = {
  413: 'payload_too_large',
  415: 'unsupported_media_type',
}

export function invalidRequest(error: ZodError): AppError {
  const errors = error.issues.flatMap(fieldErrors).slice(0, FIELD_ERRORS_MAX)
  return new AppError('invalid_request', { errors })
}

/** The fields that an issue of a schema is about. */
export function fieldErrors(issue: ZodError['issues'][number]): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: fieldName([...issue.path, key]), message: 'is not known' }))
  }
  return [{ field: fieldName(issue.path), message: issue.message }]
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.map(String).join('.').toWellFormed().slice(0, FIELD_NAME_MAX)
}

/** The `application/problem+json` answer for a refusal. */
export function problemResponse(error: AppError): Response {
  const { status, title } = ERROR[error.code]
  const problem: Problem = {
    type: `urn:tam:error:${error.code}`,
    title,
    status,
    code: error.code,
    ...(error.message === title ? {} : { detail: error.message }),
    ...(error.errors.length > 0 ? { errors: [...error.errors] } : {}),
  }
  return new Response(JSON.stringify(problem), { status, headers: problemHeaders(error) })
}

function problemHeaders(error: AppError): Headers {
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' })
  if (error.code === 'unauthenticated') {
    headers.set('www-authenticate', 'Bearer')
  }
  if (error.retryAfterMs !== undefined) {
    headers.set('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1_000))))
  }
  return headers
}
