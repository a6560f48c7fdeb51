import { join } from 'node:path'
import { type Clock, type Random, randomId } from '@tam/util'
import type { Config } from '../config/config.ts'
import { type PublicAddress, publicAddress } from '../config/public-address.ts'
import { clientAddress } from '../http/client-address.ts'
import type { Api } from '../http/context.ts'
import { pageHeaders } from '../http/headers.ts'
import { openSite } from '../http/static.ts'
import type { AppendStrategy } from '../log/strategy.ts'
import { Health } from '../lifecycle/health.ts'
import { ACCESS_AGE_MAX_MS } from '../access/conversation-cache.ts'
import { createMetrics, type Metrics } from '../observability/metrics.ts'
import type { Logger } from '../observability/logger.ts'
import type { Connection } from '../realtime/hub/state.ts'
import { createGateway, type Gateway } from '../realtime/listener.ts'
import { openEmbeddedEngines, type Engines } from './engines.ts'
import { createHttp } from './http.ts'
import { findPort, listening } from './port.ts'
import { createServices, type Services } from './services.ts'
import { StoreProbe } from './store-probe.ts'

/** Seconds an HTTP connection may be silent. */
const HTTP_IDLE_SECONDS = 25
/** Bun's own bare 413. Far above every limit of the edge, which counts while it reads and answers with a problem. */
const BODY_HARD_MAX_BYTES = 64 * 1024 * 1024
const SWEEP_MS = 30_000
const NODE_ID_LENGTH = 8

export interface AllOptions {
  readonly config: Config
  /** Folder of the built web client; without one only the API is served. */
  readonly webRoot?: string
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Stands between the engines and everything else; for drills that plant a fault. */
  readonly wrapEngines?: (engines: Engines) => Engines
  readonly strategy?: AppendStrategy
  readonly bucketSize?: number
}

export interface RunningServer {
  readonly address: PublicAddress
  readonly host: string
  readonly port: number
  readonly services: Services
  /** Refuses newcomers, sends everybody elsewhere, finishes what is in flight, closes. Takes 10 s at most. */
  stop(): Promise<void>
}

/**
 * Every role in one process on the embedded engines.
 * @throws {ListenError | SqliteOpenError}
 */
export async function startAll(options: AllOptions): Promise<RunningServer> {
  const { config, clock, logger } = options
  const port = findPort(config.host, config.port)
  const address = publicAddress(config, port)
  const opened = await openEmbeddedEngines(options)
  const engines = options.wrapEngines?.(opened) ?? opened
  const services = await createServices({ ...options, engines, publicUrl: address.url })
  await services.conversations.sweep({ all: true })
  const parts: Parts = { options, address, engines, services, probe: new StoreProbe(engines.kv, clock) }
  const gateway = gatewayOf(parts)
  const metrics = createMetrics(clock)
  metrics.watch(gateway)
  const health = new Health({
    isStoreAlive: () => parts.probe.isAlive(),
    isBusHealthy: () => gateway.isBusHealthy(),
    headCheckAgeMs: () => gateway.headCheckAgeMs(),
  })
  const api = await httpOf(parts, metrics, () => health.isReady)
  await parts.probe.start()
  await gateway.start()
  const server = listening(config.host, port, () => serveEdges(config.host, port, gateway, api))
  const cancelSweep = clock.every(SWEEP_MS, () => void sweep(services, logger))
  const cancelExpiry = clock.every(ACCESS_AGE_MAX_MS, () => services.access.expire())

  async function stop(): Promise<void> {
    health.beginDraining()
    cancelSweep()
    cancelExpiry()
    await gateway.drain()
    gateway.stop()
    await server.stop(true)
    parts.probe.stop()
    services.keys[Symbol.dispose]()
    metrics.stop()
    await opened[Symbol.asyncDispose]()
  }
  return { address, host: config.host, port, services, stop }
}

interface Parts {
  readonly options: AllOptions
  readonly address: PublicAddress
  readonly engines: Engines
  readonly services: Services
  readonly probe: StoreProbe
}

function gatewayOf({ options, address, engines, services, probe }: Parts): Gateway {
  const { config, random } = options
  return createGateway({
    ...options,
    ...services,
    bus: engines.bus,
    cache: engines.cache,
    addressOf: (request, peer) => clientAddress(request.headers, peer, config.trustedProxies),
    isStoreAlive: () => probe.isAlive(),
    config: {
      node: randomId(random, NODE_ID_LENGTH),
      epoch: services.epoch,
      origins: [...address.origins],
      rateLimitScale: config.rateLimitScale,
    },
  })
}

async function httpOf(parts: Parts, metrics: Metrics, isReady: () => boolean): Promise<Api> {
  const { options, address, engines, services } = parts
  const { webRoot } = options
  const site = webRoot === undefined ? undefined : await openSite(webRoot, pageHeaders(address))
  return createHttp({
    ...options,
    address,
    services,
    cache: engines.cache,
    metrics: metrics.registry,
    isReady,
    onAnswer: metrics.onAnswer,
    ...(site === undefined ? {} : { site: (request: Request) => site.respond(request) }),
  })
}

function serveEdges(hostname: string, port: number, gateway: Gateway, api: Api) {
  return Bun.serve<Connection>({
    hostname,
    port,
    idleTimeout: HTTP_IDLE_SECONDS,
    maxRequestBodySize: BODY_HARD_MAX_BYTES,
    development: false,
    websocket: gateway.websocket,
    fetch(request, own) {
      if (request.method === 'GET' && isSocketPath(request.url)) {
        return gateway.upgrade(request, own)
      }
      const peer = own.requestIP(request)?.address
      return api.fetch(request, peer === undefined ? {} : { peer })
    },
  })
}

async function sweep({ conversations }: Services, logger: Logger): Promise<void> {
  try {
    const { finished } = await conversations.sweep()
    if (finished > 0) {
      logger.info({ finished }, 'finished what was cut off')
    }
  } catch (error) {
    logger.error({ err: error }, 'the sweep of unfinished changes failed')
  }
}

// The path alone: origin and host of `url` are the client's words.
function isSocketPath(url: string): boolean {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  return url.startsWith('/ws', start) && (url.length === start + 3 || url[start + 3] === '?')
}

/** Where the repository keeps the built web client. */
export const builtWebRoot = join(import.meta.dir, '../../../../apps/web/dist')
