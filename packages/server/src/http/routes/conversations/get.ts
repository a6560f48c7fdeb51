import { ConversationReply } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'
import { ConversationParams } from './params.ts'

const route = defineRoute(
  { limit: 'read' },
  {
    method: 'get',
    path: '/api/conversations/{id}',
    summary: 'A conversation one is a member of',
    request: { params: ConversationParams },
    responses: { 200: reply('The conversation', ConversationReply) },
  },
)

export function getConversationRoute(api: Api, conversations: Pick<Conversations, 'get'>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    return c.json({ conversation: await conversations.get(c.get('claims').user, id) }, 200)
  })
}
