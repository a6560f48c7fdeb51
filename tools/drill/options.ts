import { parseArgs } from 'node:util'
import type { StoreKind } from '../fleet/store.ts'

interface CommonOptions {
  /** New sends a second, over all sessions. */
  readonly rate: number
  readonly seed: number
  readonly users: number
  /** A fault planted in the server (a test build's switch); the drill then has to fail. */
  readonly bug: string | undefined
  /** Entries per bucket of a log, when not the server's own choice. */
  readonly bucket: number | undefined
  /** Where the recorded history goes; without it, it is kept only when the verdict is bad. */
  readonly history: string | undefined
}

/** One server on embedded engines, killed again and again. */
export interface EmbeddedDrillOptions extends CommonOptions {
  /** Times the server is killed. */
  readonly rounds: number
}

/** A fleet behind HAProxy. */
export interface FleetDrillOptions extends CommonOptions {
  readonly store: StoreKind
  readonly minutes: number
  /** `liveness`: in the end the faults are frozen instead of healed, and a small core has to go on. */
  readonly mode: 'safety' | 'liveness'
}

/** Every planted fault, or the one that is named; some need a fleet. */
export type BugsOptions = EmbeddedDrillOptions & { readonly fleet: FleetDrillOptions }

export type DrillOptions =
  | ({ readonly drill: 'embedded' } & EmbeddedDrillOptions)
  | ({ readonly drill: 'fleet' } & FleetDrillOptions)
  | ({ readonly drill: 'bugs' } & BugsOptions)

export const USAGE = `npm run drill -- [--minutes 10] [--kv sqlite|cassandra] [--mode safety|liveness] [--rate n] [--users 20]
                 [--seed n] [--bug name] [--bucket entries] [--history file.jsonl]
npm run drill -- --embedded [--rounds 50] [--rate 600] [--users 20] [--seed n] [--bug name] [--bucket entries]
                 [--history file.jsonl]
npm run drill -- --bugs [--bug name]   plants every known fault in the servers: each has to turn the drill red`

/** Heaps of a three-node cluster under load, MiB. */
const CASSANDRA: StoreKind = { engine: 'cassandra', nodes: 3, heapMiB: 1_024 }
/** A server that is killed all the time still takes 500 a second on average. */
const RATES = { embedded: 600, fleet: 150 }

/** @throws {Error} with a sentence for the user when the arguments are not understood */
export function parseOptions(args: readonly string[]): DrillOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      embedded: { type: 'boolean' },
      bugs: { type: 'boolean' },
      kv: { type: 'string' },
      minutes: { type: 'string' },
      mode: { type: 'string' },
      rounds: { type: 'string' },
      rate: { type: 'string' },
      users: { type: 'string' },
      seed: { type: 'string' },
      bug: { type: 'string' },
      bucket: { type: 'string' },
      history: { type: 'string' },
    },
  })
  const common = {
    users: whole('users', values.users) ?? 20,
    seed: whole('seed', values.seed) ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 1,
    bug: values.bug,
    bucket: whole('bucket', values.bucket),
    history: values.history,
  }
  const rate = whole('rate', values.rate)
  const embedded = {
    ...common,
    rounds: whole('rounds', values.rounds) ?? 50,
    rate: rate ?? RATES.embedded,
  }
  const fleet = {
    ...common,
    store: oneOf('kv', values.kv ?? 'sqlite', {
      sqlite: { engine: 'sqlite' } as StoreKind,
      cassandra: CASSANDRA,
    }),
    minutes: positive('minutes', values.minutes) ?? 10,
    mode: oneOf('mode', values.mode ?? 'safety', { safety: 'safety', liveness: 'liveness' } as const),
    rate: rate ?? RATES.fleet,
  }
  if (values.bugs === true) {
    return { drill: 'bugs', ...embedded, fleet }
  }
  return values.embedded === true ? { drill: 'embedded', ...embedded } : { drill: 'fleet', ...fleet }
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined
  }
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) {
    throw new Error(`--${name} must be a number above 0, not ${text}`)
  }
  return value
}

function whole(name: string, text: string | undefined): number | undefined {
  const value = positive(name, text)
  if (value !== undefined && !Number.isInteger(value)) {
    throw new Error(`--${name} must be a whole number from 1, not ${text}`)
  }
  return value
}

function oneOf<T>(name: string, text: string, choices: Readonly<Record<string, T>>): T {
  const choice = choices[text]
  if (choice === undefined) {
    throw new Error(`--${name} must be ${Object.keys(choices).join(' or ')}, not ${text}`)
  }
  return choice
}
