import { Cursor, type Message, MessagesReply, PAGE_MAX } from '@tam/protocol'
import { z } from 'zod'
import type { Messages, MessagesPosition } from '../../../messages/messages.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'
import { ConversationParams } from '../conversations/params.ts'

/** A whole number as digits: no sign, no exponent, no blanks. */
function digits<S extends z.ZodType<number, number>>(schema: S) {
  return z
    .string()
    .regex(/^\d{1,16}$/, 'must be a whole number')
    .transform(Number)
    .pipe(schema)
    .optional()
}

const PageQuery = z
  .strictObject({
    before: digits(Cursor),
    after: digits(Cursor),
    around: digits(Cursor),
    limit: digits(z.int().min(1).max(PAGE_MAX)),
  })
  .refine(
    ({ before, after, around }) => [before, after, around].filter((seq) => seq !== undefined).length <= 1,
    'at most one of before, after, around',
  )

const route = defineRoute(
  { limit: 'read' },
  {
    method: 'get',
    path: '/api/conversations/{id}/messages',
    summary: 'Messages before, after or around a seq; without one, the newest',
    request: { params: ConversationParams, query: PageQuery },
    responses: { 200: reply('A page, ascending by seq', MessagesReply) },
  },
)

export function listMessagesRoute(api: Api, messages: Pick<Messages, 'page'>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const page = await messages.page(c.get('claims').user, id, positionOf(c.req.valid('query')))
    const decoded = page.messages.map((message) => JSON.parse(message) as Message)
    return c.json({ ...page, messages: decoded }, 200)
  })
}

function positionOf({ before, after, around, limit }: z.infer<typeof PageQuery>): MessagesPosition {
  if (before !== undefined) {
    return { before, limit }
  }
  if (after !== undefined) {
    return { after, limit }
  }
  return around === undefined ? { limit } : { around, limit }
}
