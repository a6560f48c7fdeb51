import { MePatch, MeReply } from '@tam/protocol'
import type { Profiles } from '../../../accounts/profiles.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, reply } from '../../define-route.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'patch',
    path: '/api/me',
    summary: 'Change one’s own profile',
    description: 'Only the fields present change; `avatar: null` removes the avatar.',
    tags: ['me'],
    request: { body: jsonBody(MePatch) },
    responses: { 200: reply('The profile afterwards', MeReply) },
  },
)

export function patchMeRoute(api: Api, deps: { readonly profiles: Pick<Profiles, 'patch'> }): void {
  api.openapi(route, async (c) => {
    const user = await deps.profiles.patch(c.get('claims').user, c.req.valid('json'))
    return c.json({ user }, 200)
  })
}
