import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, noContent } from '../../define-route.ts'
import { MemberParams } from './params.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'delete',
    path: '/api/conversations/{id}/members/{userId}',
    summary: 'Remove a member (admins and owners), or leave oneself',
    request: { params: MemberParams },
    responses: { 204: noContent('The person is no member any more') },
  },
)

export function removeMemberRoute(api: Api, conversations: Pick<Conversations, 'removeMember'>): void {
  api.openapi(route, async (c) => {
    const { id, userId } = c.req.valid('param')
    await conversations.removeMember(c.get('claims').user, id, userId)
    return c.body(null, 204)
  })
}
