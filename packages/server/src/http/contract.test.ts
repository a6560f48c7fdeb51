import { expect, test } from 'bun:test'
import { Problem } from '@tam/protocol'
import type { Conversations } from '../conversations/conversations.ts'
import type { Messages } from '../messages/messages.ts'
import { addChannelRoutes } from './routes/channels.ts'
import { addConversationRoutes } from './routes/conversations.ts'
import { addInviteRoutes } from './routes/invites.ts'
import { addMessageRoutes } from './routes/messages.ts'
import { startServer } from './tests/server.ts'

/** Stands for what no request of these tests may reach. */
const outOfReach = <T extends object>() =>
  new Proxy({} as T, {
    get: (_, name) => () => {
      throw new Error(`${String(name)} was reached`)
    },
  })

interface Operation {
  readonly security?: readonly object[]
  readonly requestBody?: { readonly content: Record<string, unknown> }
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>
  readonly summary?: string
}

async function setUp() {
  const server = await startServer({
    rateLimitScale: 1_000,
    routes: (api) => {
      addConversationRoutes(api, outOfReach<Conversations>())
      addChannelRoutes(api, outOfReach<Conversations>())
      addInviteRoutes(api, outOfReach<Conversations>())
      addMessageRoutes(api, { messages: outOfReach<Messages>(), reads: outOfReach() })
    },
  })
  const browser = server.browser()
  const { body: contract } = await browser.call('/openapi.json')
  const paths = Object.entries(contract.paths as Record<string, Record<string, Operation>>)
  const operations = paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: path.replaceAll(/\{[^}]+\}/g, 'Abc123def456'),
      operation,
    })),
  )
  return { server, browser, contract, operations }
}

const PUBLIC = [
  'POST /api/register',
  'POST /api/login',
  'POST /api/refresh',
  'POST /api/logout',
  'GET /media/{key}',
  'GET /healthz',
  'GET /readyz',
]

test('the contract is OpenAPI 3.1, with every route, its schemas by name and its problems', async () => {
  const { contract, operations } = await setUp()
  expect(contract.openapi).toBe('3.1.0')
  expect(contract.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' })
  expect(contract.security).toEqual([{ bearer: [] }])
  for (const name of [
    'Me',
    'User',
    'Session',
    'Problem',
    'RegisterBody',
    'MePatch',
    'Conversation',
    'MessageEntry',
  ]) {
    expect(contract.components.schemas).toHaveProperty(name)
  }
  expect(operations.length).toBeGreaterThan(30)
  for (const { name, operation } of operations) {
    expect([name, operation.summary]).toEqual([name, expect.any(String)])
    expect([name, Object.keys(operation.responses['default']?.content ?? {})]).toEqual([
      name,
      ['application/problem+json'],
    ])
  }
  expect(JSON.stringify(contract)).not.toContain('"$ref":"undefined')
})

test('[R43] without a token every route but the public ones answers 401, all alike', async () => {
  const { browser, operations } = await setUp()
  const open: string[] = []
  for (const { name, method, path, operation } of operations) {
    if (operation.security?.length === 0) {
      open.push(name)
      continue
    }
    for (const authorization of [undefined, 'Bearer nonsense']) {
      const headers = authorization === undefined ? {} : { authorization }
      // A body that is wrong in every way: who one is comes first.
      const body = operation.requestBody === undefined ? {} : { body: '{"__proto__":' }
      const reply = await browser.call(path, { method, headers, ...body })
      expect([name, reply.status, reply.body]).toEqual([name, 401, Problem.parse(reply.body)])
      expect([name, reply.body.code]).toEqual([name, 'unauthenticated'])
      expect(reply.headers.get('www-authenticate')).toBe('Bearer')
    }
  }
  expect(open.sort()).toEqual(PUBLIC.sort())
})

test('every JSON body is guarded: type, size, shape, unknown fields', async () => {
  const { browser, operations } = await setUp()
  await browser.register()
  let checked = 0
  for (const { name, method, path, operation } of operations) {
    if (operation.requestBody?.content['application/json'] === undefined) {
      continue
    }
    checked++
    const send = async (body: string, type = 'application/json') => {
      const { status } = await browser.call(path, { method, body, headers: { 'content-type': type } })
      return [name, body.slice(0, 20), status]
    }
    expect(await send('{}', 'text/plain')).toEqual([name, '{}', 415])
    expect(await send('{"a":1,"a":1}')).toEqual([name, '{"a":1,"a":1}', 400])
    expect(await send('{"__proto__":1}')).toEqual([name, '{"__proto__":1}', 400])
    expect(await send('{"unknown_field":1}')).toEqual([name, '{"unknown_field":1}', 400])
    expect(await send('[]')).toEqual([name, '[]', 400])
    expect(await send(' '.repeat(300_000))).toEqual([name, ' '.repeat(20), 413])
  }
  expect(checked).toBeGreaterThan(8)
})

test('every path refuses the methods it does not have, and names the others', async () => {
  const { browser, operations } = await setUp()
  for (const { path } of operations) {
    const own = operations.filter((other) => other.path === path).map(({ method }) => method)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((other) => !own.includes(other))) {
      const { status, headers } = await browser.call(path, { method })
      expect([method, path, status]).toEqual([method, path, 405])
      expect(headers.get('allow')?.split(', ').sort()).toEqual([...own].sort())
    }
  }
})

test('every answer carries the security headers, whatever it is', async () => {
  const { browser, operations } = await setUp()
  for (const { path, method } of [
    ...operations,
    { method: 'GET', path: '/nothing' },
    { method: 'GET', path: '/api/%00' },
  ]) {
    const { headers } = await browser.call(path, { method })
    expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff'])
    expect([path, headers.get('content-security-policy')]).toEqual([
      path,
      expect.stringContaining("default-src 'none'"),
    ])
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('access-control-allow-origin')).toBeNull()
    if (path.startsWith('/api/')) {
      expect([path, headers.get('cache-control')]).toEqual([path, 'no-store'])
    }
  }
})

test('a page of another origin is refused on every route of the API', async () => {
  const { browser, operations } = await setUp()
  await browser.register()
  for (const { name, method, path } of operations.filter((one) => one.path.startsWith('/api/'))) {
    const reply = await browser.call(path, { method, headers: { origin: 'https://evil.example' } })
    expect([name, reply.status, reply.body.code]).toEqual([name, 403, 'origin_refused'])
  }
})
