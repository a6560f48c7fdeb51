import { TamError } from '../errors.ts'

/** The object under `name` in an answer. Throws TamError `protocol` when it is not one. */
export function objectIn<T extends object>(answer: unknown, name: string): T {
  const value = fieldOf(answer, name)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TamError('protocol', { message: `the answer has no ${name}` })
  }
  return value as T
}

/** The list under `name` in an answer. Throws TamError `protocol` when it is not one. */
export function listIn<T>(answer: unknown, name: string): T[] {
  const value = fieldOf(answer, name)
  if (!Array.isArray(value)) {
    throw new TamError('protocol', { message: `the answer has no list of ${name}` })
  }
  return value
}

function fieldOf(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[name] : undefined
}
