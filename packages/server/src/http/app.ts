import { OpenAPIHono } from '@hono/zod-openapi'
import { ERROR } from '@tam/protocol'
import type { Clock } from '@tam/util'
import { AppError } from '../errors.ts'
import type { AddressSet } from '../config/addresses.ts'
import { clientAddress } from './client-address.ts'
import type { Api, ApiEnv, Peer } from './context.ts'
import { Gate, type GateDeps } from './gate.ts'
import { invalidRequest, problemResponse, toAppError } from './problem.ts'

/*
 * The router of the HTTP edge. One route per file, `routes/<noun>/<verb>.ts`: parse → access → action → reply.
 *
 *   const route = defineRoute(
 *     { limit: 'write' },                                   // a login is needed unless access: 'public'
 *     {
 *       method: 'post',
 *       path: '/api/conversations/{id}/members',
 *       summary: 'Add members',
 *       request: { params: z.strictObject({ id: ServerId }), body: jsonBody(AddMembersBody) },
 *       responses: { 200: reply('The members', MembersReply) },
 *     },
 *   )
 *
 *   export function addMembersRoute(api: Api, deps: { access: Pick<Access, 'conversation'>; … }): void {
 *     api.openapi(route, async (c) => {
 *       const { user } = c.get('claims')
 *       const { userIds } = c.req.valid('json')
 *       const conversation = await deps.access.conversation(user, c.req.valid('param').id)
 *       return c.json({ members: await deps.members.add(conversation, userIds) }, 200)
 *     })
 *   }
 *
 * Refusals are thrown as AppError, anywhere; this file alone turns them into problems. A Zod failure becomes
 * `invalid_request` with its fields. Deps are narrow: what this route needs, nothing else. A file per noun
 * (`routes/conversations.ts`) adds its routes; the composition root calls those after `createApi`. The OpenAPI
 * document, 405 and the generated tests follow from the registration.
 */

/** A handler that has not answered by then is answered for, milliseconds. */
export const HANDLER_DEADLINE_MS = 15_000

export interface ApiDeps extends GateDeps {
  readonly clock: Clock
  readonly log: ErrorLog
  readonly trustedProxies: AddressSet
}

export interface ErrorLog {
  error(details: object, message: string): void
}

export function createApi(deps: ApiDeps): Api {
  const gate = new Gate(deps)
  const api: Api = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) {
        throw invalidRequest(result.error)
      }
    },
  })
  api.use(async (c, next) => {
    const env: Peer | undefined = c.env
    c.set('gate', gate)
    c.set('address', clientAddress(c.req.raw.headers, env?.peer, deps.trustedProxies))
    await withDeadline(deps.clock, next)
    setRateLimitHeaders(c.res, c.get('rateLimit'))
  })
  api.notFound((c) => notFound(api, c.req.method, c.req.path))
  api.onError((error, c) => {
    const refusal = toAppError(error)
    if (refusal === undefined || ERROR[refusal.code].status >= 500) {
      deps.log.error({ err: error, method: c.req.method, route: c.req.path }, 'request failed')
    }
    return problemResponse(refusal ?? new AppError('internal'))
  })
  return api
}

// Bun never reaps a POST whose handler does not answer (oven-sh/bun#33612).
async function withDeadline(clock: Clock, next: () => Promise<void>): Promise<void> {
  let cancel = () => {}
  const deadline = new Promise<never>((_, reject) => {
    cancel = clock.after(HANDLER_DEADLINE_MS, () =>
      reject(new AppError('unavailable', { retryAfterMs: 1_000 })),
    )
  })
  try {
    await Promise.race([next(), deadline])
  } finally {
    cancel()
  }
}

// draft-ietf-httpapi-ratelimit-headers; the remainder is told only when it is nothing.
function setRateLimitHeaders(response: Response, limit: ApiEnv['Variables']['rateLimit']): void {
  if (limit === undefined) {
    return
  }
  const { name, rate } = limit
  response.headers.set(
    'ratelimit-policy',
    `"${name}";q=${Math.floor(rate.count)};w=${Math.ceil(rate.periodMs / 1_000)}`,
  )
  const wait = response.status === 429 ? response.headers.get('retry-after') : null
  if (wait !== null) {
    response.headers.set('ratelimit', `"${name}";r=0;t=${wait}`)
  }
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

function notFound(api: Api, method: string, path: string): Response {
  const allowed = METHODS.filter((other) => other !== method && hasRoute(api, other, path))
  if (allowed.length === 0) {
    return problemResponse(new AppError('not_found'))
  }
  const response = problemResponse(new AppError('method_not_allowed'))
  response.headers.set('allow', allowed.join(', '))
  return response
}

function hasRoute(api: Api, method: string, path: string): boolean {
  const [matches] = api.router.match(method, path)
  return matches.some(([[, route]]) => route.method === method)
}
