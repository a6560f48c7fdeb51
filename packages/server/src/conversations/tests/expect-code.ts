import { expect } from 'bun:test'
import type { ErrorCodeName } from '@tam/protocol'
import { AppError } from '../../errors.ts'

/** Asserts that `promise` is refused with `code`. */
export async function expectCode(promise: Promise<unknown>, code: ErrorCodeName): Promise<AppError> {
  const outcome = await promise.then(
    () => 'not refused',
    (error: unknown) => error,
  )
  if (!(outcome instanceof AppError)) {
    throw new Error(`expected the refusal ${code}`, { cause: outcome })
  }
  expect(outcome.code).toBe(code)
  return outcome
}

/** How many of `promises` were fulfilled, and the codes of the refusals. */
export async function outcomes(
  promises: readonly Promise<unknown>[],
): Promise<{ ok: number; codes: string[] }> {
  const settled = await Promise.allSettled(promises)
  const codes = settled.flatMap((result) => (result.status === 'rejected' ? [codeOf(result.reason)] : []))
  return { ok: settled.length - codes.length, codes }
}

function codeOf(error: unknown): string {
  if (error instanceof AppError) {
    return error.code
  }
  throw error
}
