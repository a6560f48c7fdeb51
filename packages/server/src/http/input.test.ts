import { expect, test } from 'bun:test'
import { BODY_MAX_BYTES } from '@tam/protocol'
import { HANDLER_DEADLINE_MS } from './deadline.ts'
import { type Browser, startServer } from './tests/server.ts'

const register = (browser: Browser, body: string | ReadableStream, type = 'application/json') =>
  browser.call('/api/register', { method: 'POST', body, headers: { 'content-type': type } })

const valid = { username: 'anh', password: 'mật khẩu dài' }

async function setUp() {
  const server = await startServer({ rateLimitScale: 1_000 })
  const browser = server.browser()
  await browser.register({ username: 'binh' })
  return { server, browser }
}

test('[R01] every field of another type is named, and nothing is stored', async () => {
  const { server, browser } = await setUp()
  const wrong = [null, 1, true, [], {}, { $gt: '' }, ['anh']]
  for (const field of ['username', 'password', 'name', 'email', 'locale']) {
    for (const value of wrong) {
      const { status, body } = await browser.call('/api/register', { json: { ...valid, [field]: value } })
      expect([field, value, status, body.code]).toEqual([field, value, 400, 'invalid_request'])
      expect(body.errors.map((error: { field: string }) => error.field)).toContain(field)
    }
  }
  for (const body of ['null', '1', '"x"', '[]', 'true']) {
    expect((await register(browser, body)).body.code).toBe('invalid_request')
  }
  expect(await server.kv.get('name/anh', 'claim')).toBeUndefined()
})

test('an unknown field is refused by name', async () => {
  const { browser } = await setUp()
  const { status, body } = await browser.call('/api/register', {
    json: { ...valid, admin: true, role: 'owner' },
  })
  expect(status).toBe(400)
  expect(body.errors).toEqual([
    { field: 'admin', message: 'is not known' },
    { field: 'role', message: 'is not known' },
  ])
  const patch = {
    method: 'PATCH',
    json: { username: 'other', id: 'x', createdAt: 'x', email: 'x@example.org' },
  }
  expect((await browser.call('/api/me', patch)).body.errors).toHaveLength(4)
})

test('a problem is RFC 9457 and leaks nothing of what was sent', async () => {
  const { browser } = await setUp()
  const { headers, body } = await browser.call('/api/register', { json: { ...valid, password: 'ngắn' } })
  expect(headers.get('content-type')).toBe('application/problem+json')
  expect(body).toEqual({
    type: 'urn:tam:error:invalid_request',
    title: 'The request is not valid',
    status: 400,
    code: 'invalid_request',
    errors: [{ field: 'password', message: 'must have at least 8 characters' }],
  })
})

test('texts that cannot be stored or would deceive are refused', async () => {
  const { browser } = await setUp()
  const names = [
    '',
    ' ',
    'a\u0000b',
    'a\nb',
    'a\u202eb',
    'a\u200bb',
    'a\u00adb',
    'a\u3164',
    '\u2800',
    '\u200d\ufe0f',
    `a${'\u0301'.repeat(5)}`,
    'Ad\u200dmin',
    'An\u200d',
    'م\u200cن',
    'x'.repeat(65),
    'x'.repeat(100_000),
  ]
  for (const name of names) {
    const { status, body } = await browser.call('/api/me', { method: 'PATCH', json: { name } })
    expect([name.slice(0, 10), status, body.errors?.[0]?.field]).toEqual([name.slice(0, 10), 400, 'name'])
  }
  const fine = ['👨‍👩‍👧‍👦 Nhà Trúc ❤️', '👩🏽‍💻👩🏻‍❤️‍💋‍👨🏿🏴‍☠️', 'ශ්‍රී ලංකා', 'Đặng Thanh Trúc'.normalize('NFD')]
  for (const name of fine) {
    const { body } = await browser.call('/api/me', { method: 'PATCH', json: { name } })
    expect(body.user.name).toBe(name.normalize('NFC'))
  }
  for (const field of ['name', 'bio', 'status']) {
    const body = `{"${field}":"a\\ud800b"}`
    const reply = await browser.call('/api/me', {
      method: 'PATCH',
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect([field, reply.status]).toEqual([field, 400])
  }
  expect((await browser.call('/api/me', { method: 'PATCH', json: { bio: 'x'.repeat(501) } })).status).toBe(
    400,
  )
  expect((await browser.call('/api/me', { method: 'PATCH', json: { locale: 'de' } })).status).toBe(400)
  expect((await browser.call('/api/me', { method: 'PATCH', json: { avatar: '/media/x' } })).status).toBe(400)
})

test('[O35] the bounds of a password are exact', async () => {
  const { browser } = await setUp()
  const status = async (password: string) => (await browser.register({ password })).status
  const long = (length: number) => 'trăng sáng quá '.repeat(100).slice(0, length)
  expect(await status(long(7))).toBe(400)
  expect(await status(long(8))).toBe(201)
  expect(await status(long(1_024))).toBe(201)
  expect(await status(long(1_025))).toBe(400)
  expect(await status('mậtkhẩu\u0000')).toBe(400)
  expect(await status('é'.normalize('NFD').repeat(4))).toBe(400)
})

test('[6.2.4] a common password is named as such, at its field', async () => {
  const { browser } = await setUp()
  const { status, body } = await browser.register({ password: '123456789a' })
  expect([status, body.code]).toEqual([400, 'common_password'])
  expect(body.errors).toEqual([{ field: 'password', message: expect.any(String) }])
})

test('[R02] keys that reach prototypes are refused at any depth', async () => {
  const { browser } = await setUp()
  for (const body of [
    '{"__proto__":{"admin":true},"username":"anh","password":"mật khẩu dài"}',
    '{"a":{"b":[{"__proto__":1}]}}',
    '{"\\u005f_proto__":1}',
    '{"constructor":{"prototype":{"admin":true}}}',
    '{"prototype":1}',
  ]) {
    const reply = await register(browser, body)
    expect([body, reply.status, reply.body.code]).toEqual([body, 400, 'invalid_json'])
  }
  expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
})

test('a key that occurs twice is refused', async () => {
  const { browser } = await setUp()
  const body = '{"username":"anh","password":"mật khẩu dài","username":"binh"}'
  expect((await register(browser, body)).body).toMatchObject({
    code: 'invalid_json',
    detail: 'A key occurs twice',
  })
})

test('[R04] deep JSON is refused before it is parsed', async () => {
  const { browser } = await setUp()
  for (const body of ['['.repeat(10_000), '{"a":'.repeat(10_000), `${'['.repeat(33)}${']'.repeat(33)}`]) {
    expect((await register(browser, body)).body).toMatchObject({
      code: 'invalid_json',
      detail: 'Nested too deeply',
    })
  }
})

test('too many keys are refused', async () => {
  const { browser } = await setUp()
  const keys = Array.from({ length: 2_101 }, (_, index) => `"k${index}":1`)
  expect((await register(browser, `{${keys.join()}}`)).body).toMatchObject({ detail: 'Too many keys' })
})

test('[R05] a body over the limit is refused while it arrives, whatever was declared', async () => {
  const { browser } = await setUp()
  const declared = await register(browser, 'x'.repeat(BODY_MAX_BYTES + 1))
  expect([declared.status, declared.body.code]).toEqual([413, 'payload_too_large'])
  let sent = 0
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536
      controller.enqueue(new Uint8Array(65_536).fill(0x20))
    },
  })
  expect((await register(browser, endless)).status).toBe(413)
  expect(sent).toBeLessThan(2 * BODY_MAX_BYTES)
  const full = JSON.stringify({ ...valid, name: 'x' })
  expect((await register(browser, full + ' '.repeat(BODY_MAX_BYTES - Buffer.byteLength(full)))).status).toBe(
    201,
  )
})

test('[R14] only JSON is read as JSON', async () => {
  const { browser } = await setUp()
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
    'text/json',
    '',
  ]) {
    const { status, body } = await register(browser, JSON.stringify(valid), type)
    expect([type, status, body.code]).toEqual([type, 415, 'unsupported_media_type'])
  }
  expect((await register(browser, JSON.stringify(valid), 'application/json; charset=utf-8')).status).toBe(201)
})

test('broken JSON and broken UTF-8 are 400', async () => {
  const { browser } = await setUp()
  const bytes = (...parts: (string | number[])[]) =>
    new ReadableStream({
      start(controller) {
        for (const part of parts) {
          controller.enqueue(
            typeof part === 'string' ? new TextEncoder().encode(part) : Uint8Array.from(part),
          )
        }
        controller.close()
      },
    })
  for (const body of ['', ' ', '{', '{"a":1,}', "{'a':1}", '{"a":1}x', 'NaN', '{"a"}', '"', '\ufeff{}']) {
    expect([body, (await register(browser, body)).body.code]).toEqual([body, 'invalid_json'])
  }
  for (const part of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
    expect((await register(browser, bytes('{"username":"', part, '"}'))).body.code).toBe('invalid_json')
  }
})

test('[R17] a NUL in path or query is 400', async () => {
  const { browser } = await setUp()
  for (const path of ['/api/users/a%00b', '/api/users?query=%00', '/%00', '/assets/a%00.js']) {
    const { status, body } = await browser.call(path)
    expect([path, status, body.code]).toEqual([path, 400, 'invalid_request'])
  }
})

test('[R16] an id that cannot exist is 404', async () => {
  const { browser } = await setUp()
  for (const id of ['..%2f..%2fetc', '%2e%2e', 'a.b', 'x'.repeat(23), 'đ', '%ff']) {
    const { status, body } = await browser.call(`/api/users/${id}`)
    expect([id, status, body.code]).toEqual([id, 404, 'not_found'])
  }
})

test('a malformed Host is 400', async () => {
  const { server } = await setUp()
  const request = new Request('http://localhost/api/me')
  for (const url of ['/api/me', 'http:///api/me', 'http://a b/api/me', 'http://[::1/api/me']) {
    Object.defineProperty(request, 'url', { value: url, configurable: true })
    const response = await server.api.fetch(request, { peer: '203.0.113.9' })
    expect([url, response.status]).toEqual([url, 400])
  }
})

test('queries are as strict as bodies', async () => {
  const { browser } = await setUp()
  const bad = [
    '',
    '?query=a&ids=b',
    '?q=a',
    '?query=a&query=b',
    '?ids=',
    '?ids=a,,b',
    '?ids=a%20b',
    '?query=%ff',
    `?query=${'x'.repeat(201)}`,
  ]
  const many = `?ids=${Array.from({ length: 101 }, (_, index) => `id${index}`).join()}`
  for (const query of [...bad, many]) {
    const { status, body } = await browser.call(`/api/users${query}`)
    expect([query.slice(0, 30), status, body.code]).toEqual([query.slice(0, 30), 400, 'invalid_request'])
  }
})

test('[R13] another method than a path has is 405 and names those it has', async () => {
  const { server, browser } = await setUp()
  for (const [method, path, allow] of [
    ['GET', '/api/login', 'POST'],
    ['DELETE', '/api/me', 'GET, PATCH'],
    ['POST', '/api/users/abc', 'GET'],
    ['OPTIONS', '/api/me', 'GET, PATCH'],
    ['TRACE', '/api/logins/abc', 'DELETE'],
    ['POST', '/healthz', 'GET'],
  ] as const) {
    // fetch would not send TRACE; a socket does.
    const request = new Request(`http://localhost${path}`)
    Object.defineProperty(request, 'method', { value: method })
    const { status, headers } = await server.api.fetch(request, {})
    expect([method, path, status, headers.get('allow')]).toEqual([method, path, 405, allow])
  }
  expect((await browser.call('/api/nothing')).body).toMatchObject({ status: 404, code: 'not_found' })
  expect((await browser.call('/api/nothing', { json: {} })).status).toBe(404)
})

test('[R46] a bug is 500 and says nothing, but is logged', async () => {
  const server = await startServer({
    routes: (api) => {
      api.get('/api/broken/:id', () => {
        throw new TypeError('SELECT * FROM secrets at /srv/tam/db.ts:7')
      })
    },
  })
  const { status, body } = await server.browser().call('/api/broken/1')
  expect([status, body]).toEqual([
    500,
    {
      type: 'urn:tam:error:internal',
      title: 'Something went wrong on the server',
      status: 500,
      code: 'internal',
    },
  ])
  expect(server.logged).toHaveLength(1)
  expect(server.logged[0]).toMatchObject({ message: 'request failed', details: { route: '/api/broken/:id' } })
})

test('a handler that never answers is answered for', async () => {
  const server = await startServer({ routes: (api) => api.post('/api/stuck', () => new Promise(() => {})) })
  const asked = server.browser().call('/api/stuck', { method: 'POST' })
  await Bun.sleep(0)
  server.clock.advance(15_000)
  const { status, headers, body } = await asked
  expect([status, body.code]).toEqual([503, 'unavailable'])
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('a request refused before its handler leaves no deadline that could end the process', async () => {
  const { server, browser } = await setUp()
  const before = server.clock.pending
  expect((await browser.call('/api/users/a%00b')).status).toBe(400)
  expect((await browser.call('/api/me', { headers: { origin: 'https://evil.example' } })).status).toBe(403)
  expect(server.clock.pending).toBe(before)
  server.clock.advance(HANDLER_DEADLINE_MS)
})
