import { readFileSync } from 'node:fs'
import { auth, Client, type ClientOptions, errors, policies, types } from 'cassandra-driver'
import { type BackoffOptions, type Clock, type Random, fullJitter, wait } from '@tam/util'
import { CassandraOpenError, innerErrors, isRefusal, reasonOf } from './kv.cassandra.errors.ts'
import type { CassandraTarget } from './kv.cassandra.target.ts'

/** Milliseconds to keep trying a cluster that does not answer. */
export const CONNECT_DEADLINE_MS = 60_000
/** Milliseconds for one answer: above the server's own timeouts for writes (2 s), so that its verdict comes first. */
export const REQUEST_TIMEOUT_MS = 3_000
const CONNECT_TIMEOUT_MS = 5_000
const CONNECT_BACKOFF: BackoffOptions = { baseMs: 500, capMs: 5_000 }
const RECONNECT_MS = { base: 250, cap: 2_000 }
/** Half-open connections are found by it. */
const HEARTBEAT_MS = 5_000
/** Unanswered requests after which a connection is given up: a stopped process keeps its sockets open. */
const UNANSWERED_MAX = 32
/** ScyllaDB and Cassandra both speak it. */
const PROTOCOL_VERSION = 4
const DEFAULT_PORT = 9_042

export interface ConnectOptions {
  readonly target: CassandraTarget
  readonly clock: Clock
  readonly random: Random
  readonly deadlineMs: number
  /** Receives a line for the log before each further attempt. */
  readonly onNotice: (line: string) => void
}

/**
 * Connects; tries again while nobody answers, until the deadline.
 * @throws {CassandraOpenError} unreachable, credentials, data_center, tls
 */
export function connect(options: ConnectOptions): Promise<Client> {
  const clientOptions = asClientOptions(options.target)
  return patiently(options, async () => {
    const client = new Client(clientOptions)
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.shutdown().catch(() => {})
      throw error
    }
  })
}

/**
 * Does work of the start, and again while the cluster gives no answer: a node that has just come up may take its time.
 * @throws {CassandraOpenError}
 */
export async function patiently<T>(options: ConnectOptions, task: () => Promise<T>): Promise<T> {
  const { target, clock, random, deadlineMs, onNotice } = options
  const deadline = clock.monotonic() + deadlineMs
  for (let attempt = 0; ; attempt++) {
    try {
      return await task()
    } catch (error) {
      const fatal = fatalError(error, target)
      const leftMs = deadline - clock.monotonic()
      if (fatal !== undefined || leftMs <= 0) {
        throw fatal ?? unreachable(target, deadlineMs, error)
      }
      onNotice(`${nameOf(target)}: no answer yet (${reasonOf(error)}); trying again`)
      await wait(clock, Math.min(leftMs, fullJitter(attempt, CONNECT_BACKOFF, random)))
    }
  }
}

/** The cluster, as messages call it. */
export function nameOf({ contactPoints }: CassandraTarget): string {
  return `Cassandra at ${contactPoints.join(', ')}`
}

function asClientOptions(target: CassandraTarget): ClientOptions {
  const { contactPoints, localDataCenter, credentials, tls } = target
  return {
    contactPoints: [...contactPoints],
    localDataCenter,
    ...(credentials === undefined
      ? {}
      : { authProvider: new auth.PlainTextAuthProvider(credentials.username, credentials.password) }),
    ...(tls === undefined ? {} : { sslOptions: asTlsOptions(tls.caPath, target) }),
    encoding: { useBigIntAsLong: true },
    // Nodes tell each other's addresses without ports: the driver takes this one for all of them.
    protocolOptions: { maxVersion: PROTOCOL_VERSION, port: portOf(contactPoints[0]) },
    pooling: { heartBeatInterval: HEARTBEAT_MS },
    socketOptions: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      readTimeout: REQUEST_TIMEOUT_MS,
      defunctReadTimeoutThreshold: UNANSWERED_MAX,
    },
    policies: {
      // Nothing is repeated behind the engine's back; the default of reconnecting waits up to ten minutes.
      retry: new policies.retry.FallthroughRetryPolicy(),
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(
        RECONNECT_MS.base,
        RECONNECT_MS.cap,
        false,
      ),
    },
  }
}

function portOf(contactPoint = ''): number {
  const [, port] = /:(\d+)$/.exec(contactPoint) ?? []
  return port === undefined ? DEFAULT_PORT : Number(port)
}

/** The driver trusts every certificate unless told otherwise. */
function asTlsOptions(
  caPath: string | undefined,
  target: CassandraTarget,
): NonNullable<ClientOptions['sslOptions']> {
  if (caPath === undefined) {
    return { rejectUnauthorized: true }
  }
  try {
    return { rejectUnauthorized: true, ca: [readFileSync(caPath)] }
  } catch (error) {
    throw new CassandraOpenError('tls', nameOf(target), `the certificate ${caPath} cannot be read`, error)
  }
}

/** The error for what trying again cannot mend. */
function fatalError(error: unknown, target: CassandraTarget): unknown {
  if (error instanceof CassandraOpenError) {
    return error
  }
  for (const inner of innerErrors(error)) {
    const problem = problemOf(inner)
    if (problem !== undefined) {
      return new CassandraOpenError(problem, nameOf(target), `${reasonOf(inner)}; ${ADVICE[problem]}`, error)
    }
  }
  return isRefusal(error) ? error : undefined
}

const ADVICE = {
  credentials: 'check the user name and password in TAM_KV_URL, and what this user may do',
  data_center: 'name one of them as dc= in TAM_KV_URL',
  tls: 'check tls= and ca= in TAM_KV_URL',
}

function problemOf(error: unknown): keyof typeof ADVICE | undefined {
  if (error instanceof errors.AuthenticationError) {
    // A cluster that cannot read its roles just now refuses everybody.
    return /unable to perform|cannot achieve/i.test(error.message) ? undefined : 'credentials'
  }
  if (error instanceof errors.ResponseError && error.code === types.responseErrorCodes.unauthorized) {
    return 'credentials'
  }
  if (error instanceof errors.ArgumentError && error.message.includes('localDataCenter')) {
    return 'data_center'
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /SSL|TLS|CERT|SIGNATURE/.test(code) ? 'tls' : undefined
}

function unreachable(target: CassandraTarget, deadlineMs: number, cause: unknown): CassandraOpenError {
  const message = `no answer within ${Math.round(deadlineMs / 1_000)} s (${reasonOf(cause)}); check that it runs and that TAM_KV_URL names it`
  return new CassandraOpenError('unreachable', nameOf(target), message, cause)
}
