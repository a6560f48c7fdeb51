import { ConversationReply } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'
import { ConversationParams } from './params.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'post',
    path: '/api/conversations/{id}/join',
    summary: 'Join a public channel',
    request: { params: ConversationParams },
    responses: { 200: reply('The channel', ConversationReply) },
  },
)

export function joinChannelRoute(api: Api, conversations: Pick<Conversations, 'joinChannel'>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    return c.json({ conversation: await conversations.joinChannel(c.get('claims').user, id) }, 200)
  })
}
