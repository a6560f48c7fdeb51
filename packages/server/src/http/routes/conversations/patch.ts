import { ConversationPatch, ConversationReply } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, reply } from '../../define-route.ts'
import { ConversationParams } from './params.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'patch',
    path: '/api/conversations/{id}',
    summary: 'Change title or topic (admins and owners)',
    request: { params: ConversationParams, body: jsonBody(ConversationPatch) },
    responses: { 200: reply('The conversation', ConversationReply) },
  },
)

export function patchConversationRoute(api: Api, conversations: Pick<Conversations, 'patchDetails'>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const conversation = await conversations.patchDetails(c.get('claims').user, id, c.req.valid('json'))
    return c.json({ conversation }, 200)
  })
}
