import { join } from 'node:path'
import type { z } from 'zod'
import type { AddressSet } from './addresses.ts'
import { nearestName } from './nearest-name.ts'
import type { RedisTarget } from '../ports/redis/redis-url.ts'
import { type RoleName, ROLES } from './roles.ts'
import { isSamePlace } from './same-place.ts'
import { Settings } from './settings.ts'
import { type BlobsTarget, isShared, type StoreTarget } from './targets.ts'

/** What one process was told at its start. */
export interface Config {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  readonly dataDirectory: string
  /** Origin as configured; see `publicAddress` for the effective one. */
  readonly publicUrl: string | undefined
  readonly registration: 'open' | 'closed'
  readonly trustedProxies: AddressSet
  readonly rateLimitScale: number
  readonly logLevel: string
  readonly roles: readonly RoleName[]
  readonly store: StoreTarget
  /** Undefined: cache and bus live in this process. */
  readonly redis: RedisTarget | undefined
  /** Undefined: this process has no uploads. */
  readonly blobs: BlobsTarget | undefined
  /** Where metrics are read over the network. */
  readonly admin: { readonly host: string; readonly port: number } | undefined
  /** From the first 503 of `/readyz` to the first refusal. */
  readonly drainDelayMs: number
}

/** Everything that is wrong with the settings, one line each. */
export class ConfigError extends Error {
  override name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

type SettingsRead = z.output<typeof Settings>

/**
 * Reads the settings from `env`, which holds the TAM_ names only.
 * @throws {ConfigError} with all problems at once
 */
export function parseConfig(env: Readonly<Record<string, string>>): Config {
  const settings = readSettings(env)
  const store = storeOf(settings)
  const problems = problemsOf(settings, store)
  if (problems.length > 0) {
    throw new ConfigError(problems)
  }
  return {
    host: settings.TAM_HOST,
    port: settings.TAM_PORT,
    dataDirectory: settings.TAM_DATA_DIR,
    publicUrl: settings.TAM_PUBLIC_URL,
    registration: settings.TAM_REGISTRATION,
    trustedProxies: settings.TAM_TRUSTED_PROXIES ?? (() => false),
    rateLimitScale: settings.TAM_RATE_LIMIT_SCALE,
    logLevel: settings.TAM_LOG_LEVEL,
    roles: settings.TAM_ROLES,
    store,
    redis: settings.TAM_REDIS_URL,
    blobs: blobsOf(settings),
    admin:
      settings.TAM_ADMIN_PORT === undefined
        ? undefined
        : { host: settings.TAM_ADMIN_HOST, port: settings.TAM_ADMIN_PORT },
    drainDelayMs: settings.TAM_DRAIN_DELAY * 1_000,
  }
}

/** The store alone, for commands that open nothing else. @throws {ConfigError} */
export function parseStore(env: Readonly<Record<string, string>>): StoreTarget {
  return storeOf(readSettings(env))
}

function readSettings(env: Readonly<Record<string, string>>): SettingsRead {
  const parsed = Settings.safeParse(env)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.flatMap((issue) => describe(issue)))
  }
  return parsed.data
}

function storeOf({ TAM_KV_URL, TAM_DATA_DIR }: SettingsRead): StoreTarget {
  return TAM_KV_URL ?? { kind: 'sqlite', path: join(TAM_DATA_DIR, 'tam.db') }
}

/** Only API servers touch uploads. */
function blobsOf({ TAM_BLOBS_URL, TAM_DATA_DIR, TAM_ROLES }: SettingsRead): BlobsTarget | undefined {
  return TAM_ROLES.includes('api')
    ? (TAM_BLOBS_URL ?? { kind: 'directory', path: join(TAM_DATA_DIR, 'uploads') })
    : undefined
}

/** Roles that browsers reach. */
const PUBLIC: readonly RoleName[] = ['api', 'chat']

/** What each setting alone cannot tell. */
function problemsOf(settings: SettingsRead, store: StoreTarget): string[] {
  return [...problemsOfParts(settings, store), ...problemsOfPorts(settings)]
}

/** Two listeners on one port would take requests from each other, and the public one would answer for the other. */
function problemsOfPorts({ TAM_HOST, TAM_PORT, TAM_ADMIN_HOST, TAM_ADMIN_PORT }: SettingsRead): string[] {
  return TAM_ADMIN_PORT !== undefined &&
    isSamePlace({ host: TAM_HOST, port: TAM_PORT }, { host: TAM_ADMIN_HOST, port: TAM_ADMIN_PORT })
    ? [`TAM_ADMIN_PORT: ${TAM_ADMIN_PORT} is TAM_PORT too: the admin port needs one of its own`]
    : []
}

function problemsOfParts(
  { TAM_ROLES, TAM_KV_URL, TAM_REDIS_URL, TAM_BLOBS_URL, TAM_PUBLIC_URL }: SettingsRead,
  store: StoreTarget,
): string[] {
  const problems: string[] = []
  const isPart = TAM_ROLES.length < ROLES.length
  if (isPart && !isShared(store)) {
    const reason =
      TAM_KV_URL === undefined
        ? 'the processes with the other roles need the same store: set it to cassandra://…, or leave TAM_ROLES unset'
        : 'a SQLite file belongs to one process with all roles: name a store that can be shared, or leave TAM_ROLES unset'
    problems.push(`TAM_KV_URL: ${reason}`)
  }
  if ((isPart || isShared(store)) && TAM_REDIS_URL === undefined) {
    problems.push(
      'TAM_REDIS_URL: servers that share a store tell each other what is new through Redis: set it to redis://…',
    )
  }
  if (isShared(store) && TAM_PUBLIC_URL === undefined && TAM_ROLES.some((role) => PUBLIC.includes(role))) {
    problems.push(
      'TAM_PUBLIC_URL: servers that share a store share their address: set it to what people open, e.g. https://chat.example.org',
    )
  }
  if (isShared(store) && TAM_ROLES.includes('api') && TAM_BLOBS_URL === undefined) {
    problems.push(
      'TAM_BLOBS_URL: API servers that share a store share the uploads: set it to s3://…, or file:///… of a directory they all see',
    )
  }
  return problems
}

function describe(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(unknownName)
  }
  return [`${issue.path.join('.')}: ${issue.message}`]
}

function unknownName(name: string): string {
  const nearest = nearestName(name, Object.keys(Settings.shape))
  return `${name}: is not a setting${nearest === undefined ? '' : `; did you mean ${nearest}?`}`
}
