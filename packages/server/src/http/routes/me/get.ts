import { MeReply } from '@tam/protocol'
import type { Profiles } from '../../../accounts/profiles.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'

const route = defineRoute(
  { limit: 'read' },
  {
    method: 'get',
    path: '/api/me',
    summary: 'One’s own profile',
    tags: ['me'],
    responses: { 200: reply('Everything of one’s own profile', MeReply) },
  },
)

export function getMeRoute(api: Api, deps: { readonly profiles: Pick<Profiles, 'me'> }): void {
  api.openapi(route, async (c) => c.json({ user: await deps.profiles.me(c.get('claims').user) }, 200))
}
