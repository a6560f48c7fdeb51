import { createRoute, type RouteConfig } from '@hono/zod-openapi'
import { Problem } from '@tam/protocol'
import type { MiddlewareHandler } from 'hono'
import type { z } from 'zod'
import type { ApiEnv } from './context.ts'
import type { Policy } from './gate.ts'
import { readJsonBody } from './json-body.ts'

/**
 * Describes one route: validation, documentation and admission come from here. In this order, before the handler:
 * rate limit by address, access token, rate limit by user, JSON body (size, UTF-8, depth, keys), schemas.
 */
export function defineRoute<P extends string, R extends Omit<RouteConfig, 'path'> & { path: P }>(
  policy: Policy,
  config: R,
) {
  const route = createRoute<P, R>({
    ...config,
    ...(policy.access === 'public' ? { security: [] } : {}),
    responses: { ...config.responses, default: problemResponse },
  })
  return Object.assign(route, { middleware: [admit(policy, takesJson(config))] }) as typeof route
}

/** A JSON request body. */
export function jsonBody<S extends z.ZodType>(schema: S) {
  return { required: true, content: { 'application/json': { schema } } } as const
}

/** A JSON answer. */
export function reply<S extends z.ZodType>(description: string, schema: S) {
  return { description, content: { 'application/json': { schema } } } as const
}

/** An answer without a body. */
export function noContent(description: string) {
  return { description } as const
}

const problemResponse = {
  description: 'The request was refused; `code` says why',
  content: { 'application/problem+json': { schema: Problem } },
}

function takesJson(config: Pick<RouteConfig, 'request'>): boolean {
  return config.request?.body?.content['application/json'] !== undefined
}

function admit(policy: Policy, json: boolean): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await c.get('gate').admit(c, policy)
    if (json) {
      const text = await readJsonBody(c.req.raw)
      // The validators of the route read the body through this cache, which holds promises whatever its type says.
      Object.assign(c.req.bodyCache, { text: Promise.resolve(text) })
    }
    await next()
  }
}
