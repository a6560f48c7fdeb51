import { z } from '@hono/zod-openapi'
import { AppError } from '../../../errors.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'

const Health = z.object({ status: z.literal('ok') })

const alive = defineRoute(
  { access: 'public', limit: 'none' },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process lives',
    tags: ['system'],
    responses: { 200: reply('It does', Health) },
  },
)

const ready = defineRoute(
  { access: 'public', limit: 'none' },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether the server can do its work now',
    tags: ['system'],
    responses: { 200: reply('It can; 503 otherwise, also while it drains', Health) },
  },
)

export interface HealthRoutesDeps {
  /** From what the process remembers: nothing is asked for an answer, as nothing limits how often one asks. */
  readonly isReady: () => boolean
}

export function healthRoutes(api: Api, deps: HealthRoutesDeps): void {
  api.openapi(alive, (c) => c.json({ status: 'ok' as const }, 200))
  api.openapi(ready, (c) => {
    if (!deps.isReady()) {
      throw new AppError('unavailable', { detail: 'Not ready', retryAfterMs: 1_000 })
    }
    return c.json({ status: 'ok' as const }, 200)
  })
}
