import { LoginsReply } from '@tam/protocol'
import type { Logins } from '../../../accounts/logins.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'

const route = defineRoute(
  { limit: 'read' },
  {
    method: 'get',
    path: '/api/logins',
    summary: 'The devices one is logged in on',
    tags: ['logins'],
    responses: { 200: reply('One’s logins, the one used last first', LoginsReply) },
  },
)

export function listLoginsRoute(api: Api, deps: { readonly logins: Pick<Logins, 'list'> }): void {
  api.openapi(route, async (c) => {
    const { user, sid: current } = c.get('claims')
    const logins = await deps.logins.list(user)
    const shown = logins.map(({ sid, device, createdAt, usedAt }) => ({
      id: sid,
      current: sid === current,
      device,
      createdAt: new Date(createdAt).toISOString(),
      lastUsedAt: new Date(usedAt).toISOString(),
    }))
    return c.json({ logins: shown }, 200)
  })
}
