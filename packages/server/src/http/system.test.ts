import { expect, test } from 'bun:test'
import { startServer } from './tests/server.ts'

test('the process says that it lives, and whether it is ready', async () => {
  const server = await startServer()
  const ask = async (path: string) => (await server.browser().call(path)).status
  expect([await ask('/healthz'), await ask('/readyz')]).toEqual([200, 200])
  server.state.ready = false
  expect([await ask('/healthz'), await ask('/readyz')]).toEqual([200, 503])
})

test('whoever probes a server is never told to come less often', async () => {
  const server = await startServer({ rateLimitScale: 0.001 })
  const balancer = server.browser('10.0.0.1')
  for (const path of ['/healthz', '/readyz']) {
    for (let count = 0; count < 50; count++) {
      const { status, headers } = await balancer.call(path)
      expect([path, status, headers.has('ratelimit-policy')]).toEqual([path, 200, false])
    }
  }
  expect(await balancer.refresh().then(({ status }) => status)).toBe(401)
  expect(await balancer.refresh().then(({ status }) => status)).toBe(429)
})

test('[R53] metrics are for programs on this machine alone', async () => {
  const server = await startServer()
  const ask = async (peer: string, headers: Record<string, string> = {}) =>
    (await server.browser(peer).call('/metrics', { headers })).status
  expect([await ask('127.0.0.1'), await ask('::1'), await ask('::ffff:127.0.0.1')]).toEqual([200, 200, 200])
  expect([await ask('203.0.113.1'), await ask('10.0.0.1'), await ask('')]).toEqual([404, 404, 404])
  expect(await ask('127.0.0.1', { 'x-forwarded-for': '203.0.113.1' })).toBe(404)
  expect((await server.api.request('/metrics')).status).toBe(404)
})

test('every answer is told by its pattern, never by its path', async () => {
  const server = await startServer()
  const browser = server.browser()
  await browser.register()
  await browser.call('/api/users/Nobody000000')
  await browser.call('/api/secret-path')
  await browser.call('/secret-page')
  expect(server.answers.map(({ method, route, status }) => [method, route, status])).toEqual([
    ['POST', '/api/register', 201],
    ['GET', '/api/users/:id', 404],
    ['GET', '/api/*', 404],
    ['GET', '/*', 404],
  ])
})

test('an https:// public URL asks browsers to stay there', async () => {
  const server = await startServer({ publicUrl: 'https://chat.example.org' })
  const { headers } = await server.browser().call('/healthz')
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains')
  expect(
    (await (await startServer()).browser().call('/healthz')).headers.has('strict-transport-security'),
  ).toBe(false)
})

test('HEAD answers like GET, without a body', async () => {
  const server = await startServer()
  const { status, body } = await server.browser().call('/healthz', { method: 'HEAD' })
  expect([status, body]).toEqual([200, ''])
})
