import type { z } from 'zod'
import type { AddressSet } from './addresses.ts'
import { nearestName } from './nearest-name.ts'
import { Settings } from './settings.ts'

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

/**
 * Reads the settings from `env`, which holds the TAM_ names only.
 * @throws {ConfigError} with all problems at once
 */
export function parseConfig(env: Readonly<Record<string, string>>): Config {
  const parsed = Settings.safeParse(env)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.flatMap((issue) => describe(issue)))
  }
  const settings = parsed.data
  return {
    host: settings.TAM_HOST,
    port: settings.TAM_PORT,
    dataDirectory: settings.TAM_DATA_DIR,
    publicUrl: settings.TAM_PUBLIC_URL,
    registration: settings.TAM_REGISTRATION,
    trustedProxies: settings.TAM_TRUSTED_PROXIES ?? (() => false),
    rateLimitScale: settings.TAM_RATE_LIMIT_SCALE,
    logLevel: settings.TAM_LOG_LEVEL,
  }
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
