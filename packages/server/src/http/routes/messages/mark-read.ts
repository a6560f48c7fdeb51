import { ReadBody, ReadReply } from '@tam/protocol'
import type { Reads } from '../../../messages/reads.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, reply } from '../../define-route.ts'
import { ConversationParams } from '../conversations/params.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'post',
    path: '/api/conversations/{id}/read',
    summary: "Move one's read position forward, at most to the head",
    request: { params: ConversationParams, body: jsonBody(ReadBody) },
    responses: { 200: reply('Where it is now', ReadReply) },
  },
)

export function markReadRoute(api: Api, reads: Pick<Reads, 'mark'>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const { read, unread } = await reads.mark(c.get('claims').user, id, c.req.valid('json').seq)
    return c.json({ read, unread }, 200)
  })
}
