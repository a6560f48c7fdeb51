/** Thrown for bugs only: a state the program's own rules forbid. Never for bad input. */
export class AssertionError extends Error {
  override name = 'AssertionError'
}

/** Throws `AssertionError` when `condition` is false. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) {
    throw new AssertionError(message)
  }
}

/** Returns `value`, or throws `AssertionError` when it is null or undefined. */
export function must<T>(value: T | null | undefined, message = 'expected a value'): T {
  if (value === null || value === undefined) {
    throw new AssertionError(message)
  }
  return value
}

/** Ends an exhaustive switch: a new variant that is not handled fails to compile. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`)
}
