import type { Api } from '../context.ts'
import { type HealthRoutesDeps, healthRoutes } from './system/health.ts'
import { type MetricsSource, metricsRoute } from './system/metrics.ts'
import { openapiRoute } from './system/openapi.ts'

export interface SystemRoutesDeps extends HealthRoutesDeps {
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
