import { ConversationReply } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'
import { InviteParams } from './params.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'post',
    path: '/api/invites/{token}/accept',
    summary: 'Join by an invitation; a member uses nothing up',
    request: { params: InviteParams },
    responses: { 200: reply('The conversation', ConversationReply) },
  },
)

export function acceptInviteRoute(api: Api, conversations: Pick<Conversations, 'acceptInvite'>): void {
  api.openapi(route, async (c) => {
    const { token } = c.req.valid('param')
    return c.json({ conversation: await conversations.acceptInvite(c.get('claims').user, token) }, 200)
  })
}
