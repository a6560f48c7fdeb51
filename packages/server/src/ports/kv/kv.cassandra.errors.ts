import { errors, types } from 'cassandra-driver'
import { UnknownOutcome } from './kv.ts'

export type CassandraOpenProblem =
  /** No contact point answered before the deadline. */
  | 'unreachable'
  /** User name or password are wrong or missing, or may not read the tables. */
  | 'credentials'
  /** The cluster has no such data centre. */
  | 'data_center'
  /** The certificate is not trusted, or one side speaks TLS and the other does not. */
  | 'tls'
  /** The tables have to be created or brought up to date first. */
  | 'schema_older'
  /** A newer version of the program made the tables. */
  | 'schema_newer'

/** The cluster cannot be used; the message names it and says what to do. */
export class CassandraOpenError extends Error {
  override name = 'CassandraOpenError'
  readonly problem: CassandraOpenProblem

  constructor(problem: CassandraOpenProblem, where: string, message: string, cause?: unknown) {
    super(`${where}: ${message}`, { cause })
    this.problem = problem
  }
}

/** No replicas answered a read in time. Nothing was changed by it; asking again later may help. */
export class CassandraUnavailable extends UnknownOutcome {
  override name = 'CassandraUnavailable'
}

/** Codes of the native protocol for requests that the server understood and will never carry out. */
const REFUSALS: ReadonlySet<number> = new Set([
  types.responseErrorCodes.syntaxError,
  types.responseErrorCodes.unauthorized,
  types.responseErrorCodes.invalid,
  types.responseErrorCodes.configError,
  types.responseErrorCodes.alreadyExists,
])

/** The server refused the request itself: nothing of it was or will be carried out, and repeating is useless. */
export function isRefusal(error: unknown): boolean {
  return error instanceof errors.ResponseError && REFUSALS.has(error.code)
}

/** The node that was asked has not heard of the table, or of its keyspace. */
export function isUnknownTable(error: unknown): boolean {
  return (
    error instanceof errors.ResponseError &&
    error.code === types.responseErrorCodes.invalid &&
    /unconfigured table|does not exist|doesn't exist/i.test(error.message)
  )
}

/** What went wrong, in one line: the driver's messages contain the stacks of the errors they wrap. */
export function reasonOf(error: unknown): string {
  const inner = innerErrors(error)[0] ?? error
  const message = inner instanceof Error ? inner.message : String(inner)
  return message.split('\n', 1)[0] ?? ''
}

/** The errors of the single hosts. */
export function innerErrors(error: unknown): unknown[] {
  if (error instanceof errors.NoHostAvailableError) {
    return Object.values((error.innerErrors ?? {}) as Record<string, unknown>)
  }
  return error instanceof Error ? [error] : []
}
