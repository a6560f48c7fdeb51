import { hash } from 'node:crypto'

/** A script Redis runs in one step, and the name by which it is called again. */
export interface Script {
  readonly source: string
  readonly sha: string
}

/** Milliseconds of the server's own clock: all that share a bucket share its time. */
export const SERVER_TIME = "local time = redis.call('TIME')\nlocal now = time[1] * 1000 + time[2] / 1000"

/**
 * GCRA in one step. KEYS: the bucket; ARGV: count, periodMs, burst, cost. Returns 0 or the milliseconds to wait.
 * The bucket holds the theoretical arrival time of the next token and vanishes when that is past.
 */
export function createTakeScript(time = SERVER_TIME): Script {
  const source = `${time}
local perToken = ARGV[2] / ARGV[1]
local arrival = math.max(tonumber(redis.call('GET', KEYS[1])) or now, now)
local next = arrival + ARGV[4] * perToken
local wait = next - ARGV[3] * perToken - now
if wait > 0 then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.17g', next), 'PX', math.max(1, math.ceil(next - now)))
return 0`
  return scriptOf(source)
}

export function scriptOf(source: string): Script {
  return { source, sha: hash('sha1', source, 'hex') }
}
