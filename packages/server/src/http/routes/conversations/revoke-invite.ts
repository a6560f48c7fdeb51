import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, noContent } from '../../define-route.ts'
import { ConversationInviteParams } from './params.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'delete',
    path: '/api/conversations/{id}/invites/{inviteId}',
    summary: 'Take an invitation back (admins and owners)',
    request: { params: ConversationInviteParams },
    responses: { 204: noContent('Nobody can join with it any more') },
  },
)

export function revokeInviteRoute(api: Api, conversations: Pick<Conversations, 'revokeInvite'>): void {
  api.openapi(route, async (c) => {
    const { id, inviteId } = c.req.valid('param')
    await conversations.revokeInvite(c.get('claims').user, id, inviteId)
    return c.body(null, 204)
  })
}
