import { isLoopback } from '../../../config/addresses.ts'
import { AppError } from '../../../errors.ts'
import type { Api, Peer } from '../../context.ts'

/** What prom-client's registry offers. */
export interface MetricsSource {
  readonly contentType: string
  metrics(): Promise<string>
}

/** For programs on this machine that came without a proxy; for everybody else there is no such page. */
export function metricsRoute(api: Api, deps: { readonly metrics: MetricsSource }): void {
  api.get('/metrics', async (c) => {
    const env: Peer | undefined = c.env
    if (!isLoopback(bare(env?.peer)) || c.req.raw.headers.has('x-forwarded-for')) {
      throw new AppError('not_found')
    }
    return c.body(await deps.metrics.metrics(), 200, { 'content-type': deps.metrics.contentType })
  })
}

// A listener on :: tells IPv4 peers as ::ffff:127.0.0.1.
function bare(peer = ''): string {
  return peer.replace(/^::ffff:/i, '')
}
