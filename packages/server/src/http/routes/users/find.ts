import { z } from '@hono/zod-openapi'
import { ServerId, USER_IDS_MAX, UsersReply, isStorable } from '@tam/protocol'
import type { Profiles } from '../../../accounts/profiles.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'
import { RATE_LIMITS } from '../../rate-limits.ts'

const QUERY_MAX = 200

const Ids = z
  .string()
  .max(USER_IDS_MAX * 23)
  .transform((ids) => [...new Set(ids.split(','))])
  .pipe(z.array(ServerId).max(USER_IDS_MAX))

const Query = z
  .strictObject({
    query: z.string().max(QUERY_MAX).refine(isStorable, 'must be valid Unicode without U+0000').optional(),
    ids: Ids.optional(),
  })
  .refine(({ query, ids }) => (query === undefined) !== (ids === undefined), {
    path: ['query'],
    message: 'either query or ids is needed',
  })

const route = defineRoute(
  { limit: 'read' },
  {
    method: 'get',
    path: '/api/users',
    summary: 'Search for people, or read profiles by id',
    description:
      '`query` finds beginnings of words, marks and case apart; `ids` (≤ 100, commas between) leaves out the unknown.',
    tags: ['users'],
    request: { query: Query },
    responses: { 200: reply('People, the best match first, or in the order of ids', UsersReply) },
  },
)

export function findUsersRoute(
  api: Api,
  deps: { readonly profiles: Pick<Profiles, 'search' | 'users'> },
): void {
  api.openapi(route, async (c) => {
    const { query = '', ids } = c.req.valid('query')
    if (ids) {
      return c.json({ users: await deps.profiles.users(ids) }, 200)
    }
    await c.get('gate').take(`rate/user/search/${c.get('claims').user}`, RATE_LIMITS.search.user)
    return c.json({ users: await deps.profiles.search(query) }, 200)
  })
}
