import { AddMembersBody, MembersReply } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, reply } from '../../define-route.ts'
import { ConversationParams } from './params.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'post',
    path: '/api/conversations/{id}/members',
    summary: 'Add members (admins and owners)',
    request: { params: ConversationParams, body: jsonBody(AddMembersBody) },
    responses: { 200: reply('All members', MembersReply) },
  },
)

export function addMembersRoute(api: Api, conversations: Pick<Conversations, 'addMembers'>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const { userIds } = c.req.valid('json')
    return c.json({ members: await conversations.addMembers(c.get('claims').user, id, userIds) }, 200)
  })
}
