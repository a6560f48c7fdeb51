import { ChannelsReply } from '@tam/protocol'
import { z } from 'zod'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'

const QUERY_MAX = 100

const route = defineRoute(
  { limit: 'search' },
  {
    method: 'get',
    path: '/api/channels',
    summary: 'Public channels whose title or topic holds every word of the query, marks ignored',
    request: { query: z.strictObject({ query: z.string().max(QUERY_MAX).optional() }) },
    responses: { 200: reply('At most 100 channels, by title', ChannelsReply) },
  },
)

export function browseChannelsRoute(api: Api, conversations: Pick<Conversations, 'browseChannels'>): void {
  api.openapi(route, async (c) => {
    const { query = '' } = c.req.valid('query')
    return c.json({ channels: await conversations.browseChannels(c.get('claims').user, query) }, 200)
  })
}
