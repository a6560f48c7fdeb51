import { SendBody, SendReply } from '@tam/protocol'
import type { Messages } from '../../../messages/messages.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, reply } from '../../define-route.ts'
import { ConversationParams } from '../conversations/params.ts'

const route = defineRoute(
  { limit: 'send' },
  {
    method: 'post',
    path: '/api/conversations/{id}/messages',
    summary: 'Send a message; the same cid again stores nothing and answers the same',
    request: { params: ConversationParams, body: jsonBody(SendBody) },
    responses: {
      200: reply('An earlier call with this cid stored it', SendReply),
      201: reply('The message is durable', SendReply),
    },
  },
)

export function sendMessageRoute(api: Api, messages: Pick<Messages, 'send'>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const body = c.req.valid('json')
    const { seq, at, duplicate } = await messages.send(c.get('claims').user, id, body)
    return c.json({ cid: body.cid, seq, at }, duplicate ? 200 : 201)
  })
}
