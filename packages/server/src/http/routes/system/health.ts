import { z } from '@hono/zod-openapi'
import { AppError } from '../../../errors.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'

const Health = z.object({ status: z.literal('ok') })

const alive = defineRoute(
  { access: 'public', limit: 'probe' },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process lives',
    tags: ['system'],
    responses: { 200: reply('It does', Health) },
  },
)

const ready = defineRoute(
  { access: 'public', limit: 'probe' },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Whether the server can do its work now',
    tags: ['system'],
    responses: { 200: reply('It can; 503 otherwise, also while it drains', Health) },
  },
)

export function healthRoutes(api: Api, deps: { readonly isReady: () => boolean | Promise<boolean> }): void {
  api.openapi(alive, (c) => c.json({ status: 'ok' as const }, 200))
  api.openapi(ready, async (c) => {
    if (!(await deps.isReady())) {
      throw new AppError('unavailable', { detail: 'Not ready', retryAfterMs: 1_000 })
    }
    return c.json({ status: 'ok' as const }, 200)
  })
}
