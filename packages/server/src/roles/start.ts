import { randomId, unreachable, wait } from '@tam/util'
import { ACCESS_AGE_MAX_MS } from '../access/conversation-cache.ts'
import type { Config } from '../config/config.ts'
import { type PublicAddress, publicAddress } from '../config/public-address.ts'
import { nameRoles, type RoleName, ROLES } from '../config/roles.ts'
import { isShared } from '../config/targets.ts'
import { Health } from '../lifecycle/health.ts'
import { Lifecycle, type Service } from '../lifecycle/service.ts'
import type { AppendStrategy } from '../log/strategy.ts'
import { createMetrics } from '../observability/metrics.ts'
import { createAdmin } from './admin.ts'
import { openApiRole } from './api.ts'
import { openChatRole } from './chat.ts'
import { type EngineOptions, type Engines, openEngines } from './engines.ts'
import { Hearing } from './hearing.ts'
import { createHttp } from './http.ts'
import { createListener } from './listener.ts'
import { openNotifyRole } from './notify.ts'
import { findPort } from './port.ts'
import { openPresenceRole } from './presence.ts'
import type { Foundation, Role } from './role.ts'
import { createServices, type Services } from './services.ts'
import { StoreProbe } from './store-probe.ts'

const NODE_ID_LENGTH = 8

export interface StartOptions extends Omit<EngineOptions, 'config'> {
  readonly config: Config
  /** Folder of the built web client; without one only the API is served. */
  readonly webRoot?: string
  /** Stands between the engines and everything else; for drills that plant a fault. */
  readonly wrapEngines?: (engines: Engines) => Engines
  readonly strategy?: AppendStrategy
  readonly bucketSize?: number
}

export interface RunningServer {
  readonly address: PublicAddress
  readonly host: string
  readonly port: number
  /** As in `hello` and in logs. */
  readonly node: string
  readonly services: Services
  /** Refuses newcomers, sends everybody elsewhere, finishes what is in flight, closes. Takes 10 s at most. */
  stop(): Promise<void>
}

/**
 * The roles of `config.roles` in one process, behind one port.
 * @throws {ListenError} and what opening the engines throws
 */
export async function startRoles(given: StartOptions): Promise<RunningServer> {
  const { config, random } = given
  const port = findPort(config.host, config.port)
  const node = randomId(random, NODE_ID_LENGTH)
  const logger = given.logger.child({ node, role: nameRoles(config.roles) })
  const options = { ...given, logger }
  await using opening = new AsyncDisposableStack()
  const foundation = await layFoundation(opening, options, { node, port })
  const edges = await edgesOf(foundation, options, port)
  const lifecycle = new Lifecycle(options)
  const owned = opening.move()
  const base = { name: 'engines', stop: () => owned.disposeAsync() }
  await lifecycle.start([base, accessExpiry(foundation), ...edges], new AbortController().signal)
  const { address, services } = foundation
  logger.info({ host: config.host, port }, 'serving')
  return { address, host: config.host, port, node, services, stop: () => lifecycle.end() }
}

/** What is opened goes onto `opening`. */
async function layFoundation(
  opening: AsyncDisposableStack,
  options: StartOptions,
  { node, port }: { readonly node: string; readonly port: number },
): Promise<Foundation> {
  const address = publicAddress(options.config, port)
  const opened = opening.use(await openEngines(options))
  const engines = options.wrapEngines?.(opened) ?? opened
  const hearing = new Hearing()
  const services = await createServices({
    ...options,
    engines,
    publicUrl: address.url,
    ...(isShared(options.config.store) ? { heardSince: hearing.since } : {}),
  })
  opening.use(services.keys)
  const metrics = opening.adopt(createMetrics(options.clock), ({ stop }) => stop())
  const probe = opening.adopt(new StoreProbe(engines.kv, options.clock), (started) => started.stop())
  await probe.start()
  return {
    ...options,
    node,
    address,
    engines,
    services,
    hearing,
    metrics,
    isStoreAlive: () => probe.isAlive(),
  }
}

/** The roles, and what leads to them; last started is first drained. */
async function edgesOf(
  foundation: Foundation,
  { webRoot }: Pick<StartOptions, 'webRoot'>,
  port: number,
): Promise<Service[]> {
  const { config, clock, metrics } = foundation
  const names = ROLES.filter((name) => config.roles.includes(name))
  const roles = await Promise.all(names.map((name) => openRole(name, foundation, webRoot)))
  const gateway = roles.find((role) => role.gateway !== undefined)?.gateway
  const health = new Health({
    isStoreAlive: foundation.isStoreAlive,
    isBusHealthy: () => gateway?.isBusHealthy() ?? true,
    headCheckAgeMs: () => gateway?.headCheckAgeMs() ?? 0,
  })
  const api = createHttp(foundation, roles, () => health.isReady)
  const admin = config.admin && [
    createAdmin({ ...config.admin, metrics: metrics.registry, readiness: () => health.readiness() }),
  ]
  const readiness = {
    name: 'readiness',
    drain() {
      health.beginDraining()
      return config.drainDelayMs > 0 ? wait(clock, config.drainDelayMs) : undefined
    },
  }
  const listener = createListener({ host: config.host, port, clock, api, gateway })
  return [...roles, ...(admin ?? []), listener, readiness]
}

async function openRole(name: RoleName, foundation: Foundation, webRoot: string | undefined): Promise<Role> {
  switch (name) {
    case 'api':
      return openApiRole(foundation, webRoot)
    case 'chat':
      return openChatRole(foundation)
    case 'presence':
      return openPresenceRole()
    case 'notify':
      return openNotifyRole(foundation)
    default:
      return unreachable(name)
  }
}

function accessExpiry({ clock, services }: Foundation): Service {
  let cancel = () => {}
  return {
    name: 'access cache',
    start() {
      cancel = clock.every(ACCESS_AGE_MAX_MS, () => services.access.expire())
    },
    stop: () => cancel(),
  }
}
