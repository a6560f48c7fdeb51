import { z } from '@hono/zod-openapi'
import { ServerId } from '@tam/protocol'
import type { Logins } from '../../../accounts/logins.ts'
import type { Api } from '../../context.ts'
import { defineRoute, noContent } from '../../define-route.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'delete',
    path: '/api/logins/{id}',
    summary: 'Log a device out',
    tags: ['logins'],
    request: { params: z.strictObject({ id: ServerId }) },
    responses: { 204: noContent('The login is over and its sockets are closed') },
  },
)

export function revokeLoginRoute(api: Api, deps: { readonly logins: Pick<Logins, 'revokeOwn'> }): void {
  api.openapi(route, async (c) => {
    await deps.logins.revokeOwn(c.get('claims').user, c.req.valid('param').id)
    return c.body(null, 204)
  })
}
