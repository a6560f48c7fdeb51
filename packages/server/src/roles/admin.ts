import type { Service } from '../lifecycle/service.ts'
import { listening, type Place } from './port.ts'

/** What prom-client's registry offers. */
interface MetricsSource {
  readonly contentType: string
  metrics(): Promise<string>
}

export interface AdminOptions {
  readonly place: Place
  readonly metrics: MetricsSource
  /** Why the server wants no traffic, or `ready`. */
  readonly readiness: () => string
}

/** A second port, for those who watch: whoever reaches it may read. Says more than the public one. */
export function createAdmin({ place, metrics, readiness }: AdminOptions): Service {
  let server: Bun.Server<undefined> | undefined
  return {
    name: 'admin listener',
    start() {
      server = listening(place, () =>
        Bun.serve({
          hostname: place.host,
          port: place.port,
          development: false,
          routes: {
            '/healthz': () => Response.json({ status: 'ok' }),
            '/readyz': () => readyz(readiness()),
            '/metrics': async () =>
              new Response(await metrics.metrics(), { headers: { 'content-type': metrics.contentType } }),
          },
          fetch: () => new Response('Not found', { status: 404 }),
        }),
      )
    },
    stop: () => server?.stop(true),
  }
}

function readyz(status: string): Response {
  return Response.json({ status }, { status: status === 'ready' ? 200 : 503 })
}
