import type { Config } from '../config/config.ts'
import type { PublicAddress } from '../config/public-address.ts'
import { type ApiDeps, createApi } from '../http/app.ts'
import type { Api } from '../http/context.ts'
import { addAccountRoutes } from '../http/routes/accounts.ts'
import { addChannelRoutes } from '../http/routes/channels.ts'
import { addConversationRoutes } from '../http/routes/conversations.ts'
import { addInviteRoutes } from '../http/routes/invites.ts'
import { addMessageRoutes } from '../http/routes/messages.ts'
import { addSystemRoutes } from '../http/routes/system.ts'
import type { SystemRoutesDeps } from '../http/routes/system.ts'
import type { Logger } from '../observability/logger.ts'
import type { Cache } from '../ports/cache/cache.ts'
import type { Clock } from '@tam/util'
import type { Services } from './services.ts'

export interface HttpDeps extends Omit<SystemRoutesDeps, 'url'>, Pick<ApiDeps, 'site' | 'onAnswer'> {
  readonly config: Pick<Config, 'registration' | 'rateLimitScale' | 'trustedProxies'>
  readonly address: PublicAddress
  readonly services: Services
  readonly cache: Cache
  readonly clock: Clock
  readonly logger: Logger
}

/** Every route of the API, wired. */
export function createHttp(deps: HttpDeps): Api {
  const { config, address, services, cache, logger } = deps
  const api = createApi({
    ...deps,
    log: logger,
    tokens: services.tokens,
    logins: services.logins,
    trustedProxies: config.trustedProxies,
    rateLimitScale: config.rateLimitScale,
  })
  addAccountRoutes(api, { ...services, cache, cookie: address.cookie, registration: config.registration })
  addConversationRoutes(api, services.conversations)
  addChannelRoutes(api, services.conversations)
  addInviteRoutes(api, services.conversations)
  addMessageRoutes(api, services)
  addSystemRoutes(api, { isReady: deps.isReady, metrics: deps.metrics, url: address.url })
  return api
}
