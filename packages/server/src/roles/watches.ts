import { ACCESS_AGE_MAX_MS } from '../access/conversation-cache.ts'
import { isShared } from '../config/targets.ts'
import type { Health } from '../lifecycle/health.ts'
import type { Service } from '../lifecycle/service.ts'
import { ClockWatch } from './clock-watch.ts'
import { FormatWatch } from './format.ts'
import { HealthWatch } from './health-watch.ts'
import type { Foundation } from './role.ts'

/** What a process keeps an eye on, whatever its roles. */
export function watches(foundation: Foundation, health: Health, onShutOut: () => void): Service[] {
  const { config, clock, logger, engines, services, metrics } = foundation
  const flag = (name: string, help: string, read: () => boolean) =>
    metrics.figure(name, help, () => (read() ? 1 : 0))
  flag('tam_ready', 'Whether the server wants traffic', () => health.isReady)
  flag('tam_store_answers', 'Whether the store has answered lately', foundation.isStoreAlive)
  flag('tam_storage_full', 'Whether the disk had no space for the last commit', () => engines.space.isFull)
  flag('tam_bus_heard', 'Whether messages to itself come back over the bus', () => health.isBusHealthy)
  flag('tam_cache_answers', 'Whether Redis answered what it was asked last', () => engines.cache.isAnswering)
  metrics.figure(
    'tam_bus_publications_dropped',
    'Publications since the start that were never sent, or that Redis refused',
    () => engines.bus.dropped,
  )
  const clocks = new ClockWatch({ clock, logger, others: engines.clocks })
  const format = new FormatWatch({ kv: engines.kv, clock, logger, onShutOut })
  let endExpiry = () => {}
  if (engines.clocks.length > 0) {
    metrics.figure(
      'tam_clock_ahead_seconds',
      'How far the clock of this machine is ahead of the engines',
      () => furthest(clocks.offsets.values()),
    )
  }
  return [
    service('clock watch', clocks),
    service('health watch', new HealthWatch({ clock, logger, health })),
    ...(isShared(config.store) ? [service('format watch', format)] : []),
    {
      name: 'access expiry',
      start() {
        endExpiry = clock.every(ACCESS_AGE_MAX_MS, () => services.access.expire())
      },
      stop: () => endExpiry(),
    },
  ]
}

function service(name: string, watch: { start(): void; stop(): void }): Service {
  return { name, start: () => watch.start(), stop: () => watch.stop() }
}

/** Seconds, of the offset that is furthest from none. */
function furthest(offsetsMs: Iterable<number>): number {
  return [...offsetsMs].reduce((most, ms) => (Math.abs(ms) > Math.abs(most) ? ms : most), 0) / 1_000
}
