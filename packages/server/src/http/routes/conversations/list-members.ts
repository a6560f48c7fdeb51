import { MembersReply } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'
import { ConversationParams } from './params.ts'

const route = defineRoute(
  { limit: 'read' },
  {
    method: 'get',
    path: '/api/conversations/{id}/members',
    summary: 'The members, owners first',
    request: { params: ConversationParams },
    responses: { 200: reply('The members', MembersReply) },
  },
)

export function listMembersRoute(api: Api, conversations: Pick<Conversations, 'members'>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    return c.json({ members: await conversations.members(c.get('claims').user, id) }, 200)
  })
}
