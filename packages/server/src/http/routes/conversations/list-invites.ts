import { InvitesReply } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'
import { ConversationParams } from './params.ts'

const route = defineRoute(
  { limit: 'read' },
  {
    method: 'get',
    path: '/api/conversations/{id}/invites',
    summary: 'The invitations one can still join with, newest first (admins and owners)',
    request: { params: ConversationParams },
    responses: { 200: reply('The invitations, without their tokens', InvitesReply) },
  },
)

export function listInvitesRoute(api: Api, conversations: Pick<Conversations, 'invites'>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    return c.json({ invites: await conversations.invites(c.get('claims').user, id) }, 200)
  })
}
