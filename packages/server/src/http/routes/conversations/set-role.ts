import { MemberPatch } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, noContent } from '../../define-route.ts'
import { MemberParams } from './params.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'patch',
    path: '/api/conversations/{id}/members/{userId}',
    summary: 'Give a member a role (owners)',
    request: { params: MemberParams, body: jsonBody(MemberPatch) },
    responses: { 204: noContent('The member has the role') },
  },
)

export function setRoleRoute(api: Api, conversations: Pick<Conversations, 'setRole'>): void {
  api.openapi(route, async (c) => {
    const { id, userId } = c.req.valid('param')
    await conversations.setRole(c.get('claims').user, id, userId, c.req.valid('json').role)
    return c.body(null, 204)
  })
}
