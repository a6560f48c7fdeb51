import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import type { TamError } from '../errors.ts'
import { drain } from '../tests/test-network.ts'
import { Http, HTTP_TIMEOUT_MS, type Fetch } from './http.ts'

const call = { method: 'GET', path: '/api/me' } as const

function http(fetch: Fetch, clock = new FakeClock()): Http {
  return new Http({ url: 'https://chat.example.org', fetch, clock })
}

async function refusal(response: Response | Error): Promise<TamError> {
  const fetch: Fetch = () =>
    response instanceof Error ? Promise.reject(response) : Promise.resolve(response)
  return http(fetch)
    .send(call)
    .then(
      () => {
        throw new Error('it was not refused')
      },
      (error: TamError) => error,
    )
}

function problem(status: number, body: object, headers: Record<string, string> = {}): Response {
  const type = 'application/problem+json'
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': type, ...headers } })
}

test('[ER1] a problem becomes a TamError with its code and fields', async () => {
  const errors = [{ field: 'username', message: 'must be free' }, 'not a field']
  const error = await refusal(
    problem(409, { code: 'username_taken', detail: 'Tên đã có người dùng', errors }),
  )
  expect(error).toMatchObject({ code: 'username_taken', retryable: false, message: 'Tên đã có người dùng' })
  expect(error.errors).toEqual([{ field: 'username', message: 'must be free' }])
})

test('[ER4] Retry-After is passed on in milliseconds', async () => {
  const error = await refusal(problem(429, { code: 'rate_limited' }, { 'retry-after': '12' }))
  expect(error).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 12_000 })
})

test('a full disk is no reason to try again, an overloaded server is', async () => {
  expect(await refusal(problem(507, { code: 'storage_full' }))).toMatchObject({ retryable: false })
  expect(await refusal(problem(503, { code: 'unavailable' }))).toMatchObject({ retryable: true })
})

test("a captive portal's page is being offline, never a refusal", async () => {
  const html = { headers: { 'content-type': 'text/html' } }
  expect(await refusal(new Response('<h1>Wi-Fi quán cà phê</h1>', html))).toMatchObject({ code: 'offline' })
  expect(await refusal(new Response('<h1>401</h1>', { ...html, status: 401 }))).toMatchObject({
    code: 'offline',
  })
  expect(await refusal(new Response('<h1>502</h1>', { ...html, status: 502 }))).toMatchObject({
    code: 'unavailable',
  })
})

test('no network is offline, and JSON cut short too', async () => {
  expect(await refusal(new TypeError('fetch failed'))).toMatchObject({ code: 'offline', retryable: true })
  const cut = new Response('{"user":', { headers: { 'content-type': 'application/json' } })
  expect(await refusal(cut)).toMatchObject({ code: 'offline' })
})

test('a call without an answer fails after its time', async () => {
  const clock = new FakeClock()
  const never: Fetch = (_url, init) =>
    new Promise((_resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')))
    })
  const sent = http(never, clock)
    .send(call)
    .catch((error: TamError) => error.code)
  await drain()
  clock.advance(HTTP_TIMEOUT_MS)
  expect(await sent).toBe('timeout')
})

test('an aborted call says so', async () => {
  const stop = new AbortController()
  const never: Fetch = (_url, init) =>
    new Promise((_resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new Error('aborted')))
    })
  const sent = http(never)
    .send({ ...call, signal: stop.signal })
    .catch((error: TamError) => error.code)
  stop.abort()
  expect(await sent).toBe('aborted')
})

test('204 has no body', async () => {
  expect(await http(async () => new Response(null, { status: 204 })).send(call)).toBeUndefined()
})
