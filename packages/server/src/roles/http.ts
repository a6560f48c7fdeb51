import { createApi } from '../http/app.ts'
import type { Api } from '../http/context.ts'
import { healthRoutes } from '../http/routes/system/health.ts'
import { metricsRoute } from '../http/routes/system/metrics.ts'
import type { Foundation, Role } from './role.ts'

/** What a process answers over HTTP: how it is, and what its roles add. */
export function createHttp(foundation: Foundation, roles: readonly Role[], isReady: () => boolean): Api {
  const { config, address, engines, services, metrics, clock, logger } = foundation
  const site = roles.find((role) => role.site !== undefined)?.site
  const api = createApi({
    clock,
    address,
    cache: engines.fallbackCache,
    log: logger,
    tokens: services.tokens,
    logins: services.logins,
    trustedProxies: config.trustedProxies,
    rateLimitScale: config.rateLimitScale,
    onAnswer: metrics.onAnswer,
    ...(site === undefined ? {} : { site }),
  })
  for (const role of roles) {
    role.addRoutes?.(api)
  }
  healthRoutes(api, { isReady })
  metricsRoute(api, { metrics: metrics.registry })
  return api
}
