import type { Api } from '../context.ts'
import { healthRoutes } from './system/health.ts'
import { type MetricsSource, metricsRoute } from './system/metrics.ts'
import { openapiRoute } from './system/openapi.ts'

export interface SystemRoutesDeps {
  /** False while the store is not proven, or the server drains. */
  readonly isReady: () => boolean | Promise<boolean>
  readonly metrics: MetricsSource
  /** Public URL, for the OpenAPI document. */
  readonly url: string
}

/** Health, metrics and the contract. */
export function addSystemRoutes(api: Api, deps: SystemRoutesDeps): void {
  healthRoutes(api, deps)
  metricsRoute(api, deps)
  openapiRoute(api, deps)
}
