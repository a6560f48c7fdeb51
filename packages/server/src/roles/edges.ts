import { unreachable, wait } from '@tam/util'
import { type RoleName, ROLES } from '../config/roles.ts'
import { Health } from '../lifecycle/health.ts'
import type { Service } from '../lifecycle/service.ts'
import { Canary } from '../realtime/hub/canary.ts'
import { createAdmin } from './admin.ts'
import { openApiRole } from './api.ts'
import { openChatRole } from './chat.ts'
import { createHttp } from './http.ts'
import { createListener } from './listener.ts'
import { openNotifyRole } from './notify.ts'
import type { Place } from './port.ts'
import { openPresenceRole } from './presence.ts'
import type { Foundation, Role } from './role.ts'

export interface EdgeOptions {
  readonly main: Place
  readonly admin: Place | undefined
  /** Folder of the built web client; without one only the API is served. */
  readonly webRoot: string | undefined
}

export interface Edges {
  /** In the order they start; the last is the first to drain. */
  readonly services: readonly Service[]
  readonly health: Health
}

/** The roles of a process, and the ports that lead to them. */
export async function openEdges(foundation: Foundation, options: EdgeOptions): Promise<Edges> {
  const { config, clock, metrics } = foundation
  const names = ROLES.filter((name) => config.roles.includes(name))
  const roles = await Promise.all(names.map((name) => openRole(name, foundation, options.webRoot)))
  const gateway = roles.find((role) => role.gateway !== undefined)?.gateway
  const ear = gateway === undefined ? busEar(foundation) : undefined
  const health = new Health({
    isStoreAlive: foundation.isStoreAlive,
    isBusHealthy: () => (gateway ?? ear)?.isBusHealthy() ?? true,
    headCheckAgeMs: () => gateway?.headCheckAgeMs() ?? 0,
  })
  const api = createHttp(foundation, roles, () => health.isReady)
  const admin = options.admin && [
    createAdmin({
      place: options.admin,
      metrics: metrics.registry,
      readiness: () => health.readiness(),
    }),
  ]
  const listener = createListener({ place: options.main, clock, api, gateway })
  const services = [...roles, ...(ear ? [ear] : []), ...(admin ?? []), listener]
  return { health, services: [...services, readiness(foundation, health)] }
}

async function openRole(name: RoleName, foundation: Foundation, webRoot: string | undefined): Promise<Role> {
  switch (name) {
    case 'api':
      return openApiRole(foundation, webRoot)
    case 'chat':
      return openChatRole(foundation)
    case 'presence':
      return openPresenceRole(foundation)
    case 'notify':
      return openNotifyRole(foundation)
    default:
      return unreachable(name)
  }
}

/** Finds out for a process without a gateway, which has an ear of its own, whether the bus carries anything. */
function busEar({ clock, engines, node }: Foundation): Service & { isBusHealthy(): boolean } {
  const { bus } = engines
  const canary = new Canary({ clock, bus, node })
  return {
    name: 'bus ear',
    start: () => canary.start(),
    stop: () => canary.stop(),
    isBusHealthy: () => bus.isConnected && canary.isHealthy,
  }
}

/** Tells balancers that the server goes, and gives them the time to notice. */
function readiness({ clock, config }: Foundation, health: Health): Service {
  return {
    name: 'readiness',
    drain() {
      health.beginDraining()
      return config.drainDelayMs > 0 ? wait(clock, config.drainDelayMs) : undefined
    },
  }
}
