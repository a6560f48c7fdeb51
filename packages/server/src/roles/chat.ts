import { clientAddress } from '../http/client-address.ts'
import { listServers } from '../heads/server-list.ts'
import { createGateway } from '../realtime/listener.ts'
import type { Foundation, Role } from './role.ts'

/** The role chat: WebSockets, and what they hear of the other servers. */
export function openChatRole(foundation: Foundation): Role {
  const { config, address, engines, services, hearing, node, metrics } = foundation
  const gateway = createGateway({
    ...foundation,
    ...services,
    bus: engines.bus,
    cache: engines.cache,
    ...(engines.bus.isLossless ? {} : { servers: () => listServers(engines.kv) }),
    addressOf: (request, peer) => clientAddress(request.headers, peer, config.trustedProxies),
    config: {
      node,
      epoch: services.epoch,
      origins: [...address.origins],
      rateLimitScale: config.rateLimitScale,
    },
  })
  hearing.listenBy(gateway)
  metrics.watch(gateway)
  return {
    name: 'chat',
    gateway,
    start: () => gateway.start(),
    drain: () => gateway.drain(),
    stop: () => gateway.stop(),
  }
}
