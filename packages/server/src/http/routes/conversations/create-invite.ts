import { CreateInviteBody, InviteReply } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, reply } from '../../define-route.ts'
import { ConversationParams } from './params.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'post',
    path: '/api/conversations/{id}/invites',
    summary: 'Create an invitation (admins and owners); its token is told only here',
    request: { params: ConversationParams, body: jsonBody(CreateInviteBody) },
    responses: { 201: reply('The invitation', InviteReply) },
  },
)

export function createInviteRoute(api: Api, conversations: Pick<Conversations, 'createInvite'>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const invite = await conversations.createInvite(c.get('claims').user, id, c.req.valid('json'))
    return c.json({ invite }, 201)
  })
}
