import { InvitePreview } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'
import { InviteParams } from './params.ts'

const route = defineRoute(
  { limit: 'read' },
  {
    method: 'get',
    path: '/api/invites/{token}',
    summary: 'What an invitation leads to',
    request: { params: InviteParams },
    responses: { 200: reply('The conversation, as far as its guests may see it', InvitePreview) },
  },
)

export function previewInviteRoute(api: Api, conversations: Pick<Conversations, 'previewInvite'>): void {
  api.openapi(route, async (c) => {
    const { token } = c.req.valid('param')
    return c.json(await conversations.previewInvite(c.get('claims').user, token), 200)
  })
}
