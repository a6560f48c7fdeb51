import { ConfigError } from '../config/config.ts'
import type { StoreTarget } from '../config/targets.ts'
import { DamagedRow } from '../ports/kv/kv.ts'
import { RemoteKvOpenError } from '../ports/kv/kv.remote.ts'
import { SqliteOpenError } from '../ports/kv/kv.sqlite.errors.ts'
import { ListenError } from './port.ts'

/** Needs the operator: settings, credentials, schema, version, directory, port. Starting again will not help. */
export const EXIT_CANNOT_START = 1
/** A store did not answer for as long as the start waits for it: start again. */
const EXIT_TRY_AGAIN = 75
/** A bug, or a write whose fate is not known: the supervisor starts the program again. */
export const EXIT_FAILED = 70

/** What the settings name cannot be used; the message says what to do. */
export class StartError extends Error {
  override name = 'StartError'
  /** True when nobody answered, which may end by itself. */
  readonly mayPass: boolean

  constructor(message: string, options: { readonly mayPass?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.mayPass = options.mayPass ?? false
  }
}

/** The error of a start as the operator needs it: a damaged row with the store that it is in. */
export function asStartError(error: unknown, store: StoreTarget): unknown {
  if (!(error instanceof DamagedRow)) {
    return error
  }
  const place = store.kind === 'cassandra' ? `keyspace ${store.cluster.keyspace}` : store.path
  const message = `${place}: ${error.message}; nothing was changed: restore a backup`
  return new StartError(message, { cause: error })
}

/** How a process ends that could not start. */
export interface End {
  readonly code: number
  /** For the person who started it. */
  readonly message: string
}

/** Undefined for what nobody expects. */
export function endOf(error: unknown): End | undefined {
  const mayPass = error instanceof RemoteKvOpenError || (error instanceof StartError && error.mayPass)
  if (mayPass) {
    return { code: EXIT_TRY_AGAIN, message: error.message }
  }
  const isExpected = [StartError, ConfigError, ListenError, SqliteOpenError].some(
    (kind) => error instanceof kind,
  )
  return isExpected && error instanceof Error
    ? { code: EXIT_CANNOT_START, message: error.message }
    : undefined
}
