import { ConversationReply, CreateConversationBody } from '@tam/protocol'
import { unreachable } from '@tam/util'
import type { Conversations, Created } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, reply } from '../../define-route.ts'

const route = defineRoute(
  { limit: 'write' },
  {
    method: 'post',
    path: '/api/conversations',
    summary: 'Open a direct conversation, create a group or a channel',
    request: { body: jsonBody(CreateConversationBody) },
    responses: {
      200: reply('The direct conversation, which existed', ConversationReply),
      201: reply('The new conversation', ConversationReply),
    },
  },
)

type Deps = Pick<Conversations, 'createDirect' | 'createGroup' | 'createChannel'>

export function createConversationRoute(api: Api, conversations: Deps): void {
  api.openapi(route, async (c) => {
    const { user } = c.get('claims')
    const { created, conversation } = await create(conversations, user, c.req.valid('json'))
    return c.json({ conversation }, created ? 201 : 200)
  })
}

function create(conversations: Deps, user: string, body: CreateConversationBody): Promise<Created> {
  switch (body.kind) {
    case 'direct':
      return conversations.createDirect(user, body.userId)
    case 'group':
      return conversations.createGroup(user, body)
    case 'channel':
      return conversations.createChannel(user, body)
    default:
      return unreachable(body)
  }
}
