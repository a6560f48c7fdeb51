import { type Hook, OpenAPIHono } from '@hono/zod-openapi'
import type { Clock } from '@tam/util'
import type { Context } from 'hono'
import { routePath } from 'hono/route'
import type { PublicAddress } from '../config/public-address.ts'
import { AppError } from '../errors.ts'
import type { AddressSet } from '../config/addresses.ts'
import { clientAddress } from './client-address.ts'
import type { Api, ApiEnv, Peer } from './context.ts'
import { Deadline } from './deadline.ts'
import { Gate, type GateDeps } from './gate.ts'
import { addMissing, baseHeaders } from './headers.ts'
import { invalidRequest, problemResponse, toAppError } from './problem.ts'
import { checkOrigin, checkUrl } from './request-checks.ts'

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

export interface ApiDeps extends GateDeps {
  readonly clock: Clock
  readonly log: ErrorLog
  readonly trustedProxies: AddressSet
  readonly address: PublicAddress
  /** Answers what is no route, e.g. with the web client; undefined leaves it to 404. */
  readonly site?: (request: Request) => Response | undefined
  /** Told of every answer, for metrics. `route` is the pattern, never the path. */
  readonly onAnswer?: (answer: Answer) => void
}

export interface ErrorLog {
  error(details: object, message: string): void
}

export interface Answer {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly durationMs: number
}

export function createApi(deps: ApiDeps): Api {
  const gate = new Gate(deps)
  const headers = baseHeaders(deps.address)
  const api: Api = new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalid })
  api.use(async (c, next) => {
    const began = deps.clock.monotonic()
    await next()
    addMissing(c.res.headers, headers)
    setRateLimitHeaders(c.res, c.get('rateLimit'))
    const durationMs = deps.clock.monotonic() - began
    deps.onAnswer?.({ method: c.req.method, route: routePath(c, -1), status: c.res.status, durationMs })
  })
  api.use(async (c, next) => {
    const env: Peer | undefined = c.env
    const deadline = new Deadline(deps.clock)
    c.set('gate', gate)
    c.set('deadline', deadline)
    c.set('address', clientAddress(c.req.raw.headers, env?.peer, deps.trustedProxies))
    checkUrl(c.req.url)
    await deadline.limit(next)
  })
  api.use('/api/*', async (c, next) => {
    checkOrigin(c.req.raw.headers, deps.address.origins)
    await next()
    addMissing(c.res.headers, { 'cache-control': 'no-store' })
  })
  api.notFound((c) => answerUnknown(api, c, deps.site))
  api.onError((error, c) => answerError(error, c, deps.log))
  return api
}

const refuseInvalid: Hook<unknown, ApiEnv, string, never | undefined> = (result) => {
  if (!result.success) {
    // An id that cannot exist is treated like one that does not.
    throw result.target === 'param' ? new AppError('not_found') : invalidRequest(result.error)
  }
  return undefined
}

function answerError(error: Error, c: Context<ApiEnv>, log: ErrorLog): Response {
  const refusal = toAppError(error)
  if (refusal === undefined || refusal.code === 'internal') {
    log.error({ err: error, method: c.req.method, route: routePath(c, -1) }, 'request failed')
  }
  const response = problemResponse(refusal ?? new AppError('internal'))
  // What the browser was to forget before the refusal it forgets.
  c.res.headers.getSetCookie().forEach((cookie) => response.headers.append('set-cookie', cookie))
  return response
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

function answerUnknown(api: Api, c: Context<ApiEnv>, site: ApiDeps['site']): Response {
  const { method, path } = c.req
  const allowed = METHODS.filter((other) => other !== method && hasRoute(api, other, path))
  if (allowed.length > 0) {
    const response = problemResponse(new AppError('method_not_allowed'))
    response.headers.set('allow', allowed.join(', '))
    return response
  }
  const page = path.startsWith('/api/') ? undefined : site?.(c.req.raw)
  return page ?? problemResponse(new AppError('not_found'))
}

function hasRoute(api: Api, method: string, path: string): boolean {
  const [matches] = api.router.match(method, path)
  return matches.some(([[, route]]) => route.method === method)
}

// draft-ietf-httpapi-ratelimit-headers; the remainder is told only when it is nothing.
function setRateLimitHeaders(response: Response, limit: ApiEnv['Variables']['rateLimit']): void {
  if (limit === undefined) {
    return
  }
  const { name, rate } = limit
  const seconds = Math.ceil(rate.periodMs / 1_000)
  response.headers.set('ratelimit-policy', `"${name}";q=${Math.floor(rate.count)};w=${seconds}`)
  const wait = response.status === 429 ? response.headers.get('retry-after') : null
  if (wait !== null) {
    response.headers.set('ratelimit', `"${name}";r=0;t=${wait}`)
  }
}
