import type { Cancel, Clock } from '@tam/util'
import { Gauge, Histogram, Registry } from 'prom-client'

/** What the gateway says of itself. */
export interface GatewayFigures {
  stats(): GatewayStats
}

export interface GatewayStats {
  readonly connections: number
  readonly ready: number
  readonly users: number
  readonly rooms: number
  readonly inFlight: number
  readonly roomFrames: number
  readonly headReads: number
}

export interface HttpAnswer {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly durationMs: number
}

export interface Metrics {
  readonly registry: Registry
  watch(gateway: GatewayFigures): void
  /** A figure that is read when somebody asks. */
  figure(name: string, help: string, read: () => number): void
  readonly onAnswer: (answer: HttpAnswer) => void
  stop(): void
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
/** The event loop is sampled this often, milliseconds. */
const LAG_SAMPLE_MS = 100

/** The figures behind /metrics. Labels are few: routes and status classes, never people or conversations. */
export function createMetrics(clock: Clock): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const http = new Histogram({
    name: 'tam_http_request_seconds',
    help: 'HTTP requests by route and status class',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  })
  const lag = new Histogram({
    name: 'tam_event_loop_lag_seconds',
    help: 'Delay of a timer',
    buckets: SECONDS,
    registers,
  })
  gauge(registry, 'tam_process_resident_bytes', 'Resident memory', () => process.memoryUsage.rss())
  const stopLag = sampleLag(clock, (seconds) => lag.observe(seconds))
  return {
    registry,
    watch: (gateway) => watchGateway(gateway, registry),
    figure: (name, help, read) => gauge(registry, name, help, read),
    onAnswer({ method, route, status, durationMs }) {
      http.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, durationMs / 1_000)
    },
    stop: stopLag,
  }
}

function watchGateway(gateway: GatewayFigures, registry: Registry): void {
  const figure = (name: string, help: string, read: (stats: GatewayStats) => number) =>
    gauge(registry, name, help, () => read(gateway.stats()))
  figure('tam_connections', 'Open WebSocket connections', (stats) => stats.connections)
  figure('tam_connections_ready', 'Connections past hello', (stats) => stats.ready)
  figure('tam_users_connected', 'People with a connection', (stats) => stats.users)
  figure('tam_rooms', 'Logs followed for connections', (stats) => stats.rooms)
  figure('tam_commands_in_flight', 'Commands that wait for the store', (stats) => stats.inFlight)
  figure('tam_room_frames_sent', 'Frames published to rooms since the start', (stats) => stats.roomFrames)
  figure('tam_head_reads', 'Heads of logs read from the store since the start', (stats) => stats.headReads)
}

/** A gauge that is read when somebody asks. */
function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read())
      },
    }),
  )
}

// The delay of a timer is the only measure of collector pauses that Bun offers.
function sampleLag(clock: Clock, observe: (seconds: number) => void): Cancel {
  let expected = clock.monotonic() + LAG_SAMPLE_MS
  return clock.every(LAG_SAMPLE_MS, () => {
    const now = clock.monotonic()
    observe(Math.max(0, now - expected) / 1_000)
    expected = now + LAG_SAMPLE_MS
  })
}
