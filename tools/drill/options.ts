import { parseArgs } from 'node:util'

export interface DrillOptions {
  /** Times the server is killed. */
  readonly rounds: number
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

export const USAGE = `npm run drill -- --embedded [--rounds 50] [--rate 500] [--users 20] [--seed n] [--bug name]
                         [--bucket entries] [--history file.jsonl]
npm run drill -- --bugs      plants every known fault in the server: each has to turn the drill red`

/** @throws {Error} with a sentence for the user when the arguments are not understood */
export function parseOptions(args: readonly string[]): DrillOptions & { mode: 'embedded' | 'bugs' } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      embedded: { type: 'boolean' },
      bugs: { type: 'boolean' },
      rounds: { type: 'string' },
      rate: { type: 'string' },
      users: { type: 'string' },
      seed: { type: 'string' },
      bug: { type: 'string' },
      bucket: { type: 'string' },
      history: { type: 'string' },
    },
  })
  if (values.embedded !== true && values.bugs !== true) {
    throw new Error(
      'say which drill: --embedded kills one server with embedded engines, --bugs tests the drill itself',
    )
  }
  return {
    mode: values.bugs === true ? 'bugs' : 'embedded',
    rounds: positive('rounds', values.rounds) ?? 50,
    rate: positive('rate', values.rate) ?? 500,
    users: positive('users', values.users) ?? 20,
    seed: positive('seed', values.seed) ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 1,
    bug: values.bug,
    bucket: positive('bucket', values.bucket),
    history: values.history,
  }
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined
  }
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`--${name} must be a whole number from 1, not ${text}`)
  }
  return value
}
