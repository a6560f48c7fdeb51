import { parseConfig } from '@tam/server/config/config.ts'
import { readEnv } from '@tam/server/config/env.ts'
import { createLogger } from '@tam/server/observability/logger.ts'
import type { Engines } from '@tam/server/roles/engines.ts'
import { startRoles } from '@tam/server/roles/start.ts'
import { systemClock, systemRandom } from '@tam/util'
import { type CallCounts, countCalls } from './count-calls.ts'

/*
 * The real server, observed. BENCH_COUNTS is a Unix socket that answers how often the store was called; with
 * BENCH_NO_PRESENCE nobody hears of who is here. Neither is a setting of the server.
 */
const { BENCH_COUNTS, BENCH_NO_PRESENCE } = process.env
const counts: CallCounts = new Map()
const config = parseConfig(readEnv())

function observed(engines: Engines): Engines {
  const counted = { ...engines, kv: countCalls(engines.kv, counts) }
  return BENCH_NO_PRESENCE === undefined ? counted : withoutPresence(counted)
}

/** Leases are neither written nor told of: what is saved is what presence costs a chat server and Redis. */
function withoutPresence(engines: Engines): Engines {
  const { bus, cache } = engines
  const silentBus: Engines['bus'] = {
    publish: (topic, message) => topic.startsWith('presence/') || bus.publish(topic, message),
    subscribe: (topic, handler) => bus.subscribe(topic, handler),
    unsubscribe: (topic, handler) => bus.unsubscribe(topic, handler),
    onDiscontinuity: (listener) => bus.onDiscontinuity(listener),
    get isConnected() {
      return bus.isConnected
    },
    isLossless: bus.isLossless,
    get dropped() {
      return bus.dropped
    },
    close: () => bus.close(),
  }
  const forgetful: Engines['cache'] = {
    get isAnswering() {
      return cache.isAnswering
    },
    get: (key) => cache.get(key),
    getMany: (keys) => cache.getMany(keys),
    set: (key, value, ttlMs) => cache.set(key, value, ttlMs),
    setMany: (values, ttlMs) => cache.setMany(values, ttlMs),
    delete: (key) => cache.delete(key),
    take: (key, rate, cost) => cache.take(key, rate, cost),
    hold: async () => {},
    held: (groups) => cache.held(groups),
    close: () => cache.close(),
  }
  return { ...engines, bus: silentBus, cache: forgetful }
}

const running = await startRoles({
  config,
  clock: systemClock,
  random: systemRandom,
  logger: createLogger(config.logLevel),
  wrapEngines: observed,
})
if (BENCH_COUNTS !== undefined) {
  Bun.serve({ unix: BENCH_COUNTS, fetch: () => Response.json(Object.fromEntries(counts)) })
}
process.once('SIGTERM', () => void running.stop().then(() => process.exit(0)))
