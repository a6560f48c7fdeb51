import { z } from '@hono/zod-openapi'
import { ServerId, UserReply } from '@tam/protocol'
import type { Profiles } from '../../../accounts/profiles.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'

const route = defineRoute(
  { limit: 'read' },
  {
    method: 'get',
    path: '/api/users/{id}',
    summary: 'A person’s public profile',
    tags: ['users'],
    request: { params: z.strictObject({ id: ServerId }) },
    responses: { 200: reply('The profile', UserReply) },
  },
)

export function getUserRoute(api: Api, deps: { readonly profiles: Pick<Profiles, 'user'> }): void {
  api.openapi(route, async (c) => c.json({ user: await deps.profiles.user(c.req.valid('param').id) }, 200))
}
