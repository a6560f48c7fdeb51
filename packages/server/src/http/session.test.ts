import { expect, spyOn, test } from 'bun:test'
import { Session } from '@tam/protocol'
import { REFRESH_REUSE_MS } from '../accounts/logins.ts'
import { StorageFull } from '../ports/kv/kv.ts'
import { startServer } from './tests/server.ts'

test('registering answers with a session and sets the refresh cookie', async () => {
  const server = await startServer()
  const browser = server.browser()
  const { status, headers, body } = await browser.register({
    username: 'Anh.Nguyen',
    name: '  Nguyễn Thị Ánh ',
  })
  expect(status).toBe(201)
  expect(Session.parse(body)).toEqual(body)
  expect(body.user).toMatchObject({ username: 'anh.nguyen', name: 'Nguyễn Thị Ánh', locale: 'vi' })
  expect(body.expiresIn).toBe(600)
  expect(headers.get('set-cookie')).toMatch(
    /^__Host-rt=[\w-]+\.[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=1209600; Secure$/,
  )
  expect(headers.get('cache-control')).toBe('no-store')
  expect((await browser.call('/api/me')).body).toEqual({ user: body.user })
})

test('an http:// public URL elsewhere gets a cookie that works there', async () => {
  const server = await startServer({ publicUrl: 'http://192.168.1.20:8080' })
  const browser = server.browser()
  const { headers } = await browser.register()
  expect(headers.get('set-cookie')).toMatch(/^rt=[^;]+; HttpOnly; SameSite=Strict; Path=\/; Max-Age=1209600$/)
  expect((await browser.refresh()).status).toBe(200)
})

test('the locale of a new account follows the browser unless given', async () => {
  const server = await startServer()
  const locale = async (language: string, json = {}) => {
    const body = { username: `l${crypto.randomUUID().slice(0, 8)}`, password: 'mật khẩu dài', ...json }
    const reply = await server
      .browser()
      .call('/api/register', { json: body, headers: { 'accept-language': language } })
    return reply.body.user.locale
  }
  expect([
    await locale('en-GB,vi;q=0.5'),
    await locale('vi-VN'),
    await locale('fr'),
    await locale('en', { locale: 'vi' }),
  ]).toEqual(['en', 'vi', 'vi', 'vi'])
})

test('a taken name is 409, however it is written', async () => {
  const server = await startServer()
  await server.browser().register({ username: 'anh' })
  const { status, body } = await server.browser().register({ username: 'ANH' })
  expect([status, body.code]).toEqual([409, 'username_taken'])
})

test('closed registration is 403', async () => {
  const server = await startServer({ registration: 'closed' })
  const { status, body } = await server.browser().register()
  expect([status, body.code]).toEqual([403, 'registration_closed'])
})

test('a wrong password and an unknown name get the same answer after the same hash', async () => {
  const server = await startServer()
  await server.browser().register({ username: 'anh' })
  const verify = spyOn(Bun.password, 'verify')
  const wrong = await server.browser().login('anh', 'sai mật khẩu')
  const unknown = await server.browser().login('khong-ai', 'sai mật khẩu')
  expect(verify).toHaveBeenCalledTimes(2)
  verify.mockRestore()
  expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials'])
  expect({ ...unknown, headers: [...unknown.headers] }).toEqual({ ...wrong, headers: [...wrong.headers] })
})

test('logging in twice makes two logins, each seen by the other', async () => {
  const server = await startServer()
  const [first, second] = [server.browser(), server.browser()]
  await first.register({ username: 'anh' })
  server.clock.advance(1_000)
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  const reply = await second.call('/api/login', {
    json: { login: 'anh', password: 'mật khẩu dài' },
    headers: { 'user-agent': firefox },
  })
  second.token = reply.body.accessToken
  const { body } = await second.call('/api/logins')
  expect(
    body.logins.map(({ current, device }: { current: boolean; device: string }) => [current, device]),
  ).toEqual([
    [true, 'Firefox, Linux'],
    [false, ''],
  ])
  expect((await second.call(`/api/logins/${body.logins[1].id}`, { method: 'DELETE' })).status).toBe(204)
  expect((await first.call('/api/me')).body.code).toBe('unauthenticated')
  expect((await first.refresh()).status).toBe(401)
  expect((await second.call('/api/me')).status).toBe(200)
})

test("a stranger's login is 404", async () => {
  const server = await startServer()
  const [anh, binh] = [server.browser(), server.browser()]
  await anh.register()
  await binh.register()
  const { id } = (await anh.call('/api/logins')).body.logins[0]
  const missing = await binh.call('/api/logins/unknown', { method: 'DELETE' })
  const foreign = await binh.call(`/api/logins/${id}`, { method: 'DELETE' })
  expect([foreign.status, foreign.body]).toEqual([404, missing.body])
  expect((await anh.call('/api/me')).status).toBe(200)
})

test('refreshing rotates the cookie and gives a new access token', async () => {
  const server = await startServer()
  const browser = server.browser()
  const registered = await browser.register()
  const { cookie } = browser
  const { status, body } = await browser.refresh()
  expect(status).toBe(200)
  expect(body.user).toEqual(registered.body.user)
  expect(body.accessToken).not.toBe(registered.body.accessToken)
  expect(browser.cookie).not.toBe(cookie)
  expect((await browser.call('/api/me')).status).toBe(200)
})

test('[O23] two tabs that refresh at once hold the same cookie afterwards', async () => {
  const server = await startServer()
  const [tab, other] = [server.browser(), server.browser()]
  await tab.register()
  other.cookie = tab.cookie
  const replies = await Promise.all([tab.refresh(), other.refresh()])
  expect(replies.map(({ status }) => status)).toEqual([200, 200])
  expect(other.cookie).toBe(tab.cookie)
  expect((await tab.refresh()).status).toBe(200)
})

test('[O22] a stolen cookie used later ends the login of both', async () => {
  const server = await startServer()
  const [owner, thief] = [server.browser(), server.browser()]
  const { body } = await owner.register()
  const heard = await server.listen(body.user.id)
  thief.cookie = owner.cookie
  await owner.refresh()
  server.clock.advance(REFRESH_REUSE_MS)
  expect((await thief.refresh()).body.code).toBe('unauthenticated')
  expect((await owner.refresh()).status).toBe(401)
  expect((await owner.call('/api/me')).status).toBe(401)
  expect(heard).toHaveLength(1)
})

test('[O25] a refresh that our page did not ask for is refused', async () => {
  const server = await startServer()
  const browser = server.browser()
  await browser.register()
  const { cookie } = browser
  const attempts: Record<string, string>[] = [
    { 'x-tam': '' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:8081' },
  ]
  for (const headers of attempts) {
    for (const path of ['/api/refresh', '/api/logout']) {
      const { status, body } = await browser.call(path, {
        method: 'POST',
        headers: { 'x-tam': '1', ...headers },
      })
      expect([headers, path, status, body.code]).toEqual([headers, path, 403, 'origin_refused'])
    }
  }
  expect(browser.cookie).toBe(cookie)
  for (const headers of [
    { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' },
    { origin: 'http://127.0.0.1:8080' },
    { origin: 'http://[::1]:8080' },
  ]) {
    expect((await browser.refresh(headers)).status).toBe(200)
  }
})

test('logging out ends the login and clears the cookie', async () => {
  const server = await startServer()
  const browser = server.browser()
  const { body } = await browser.register()
  const { cookie } = browser
  const heard = await server.listen(body.user.id)
  const reply = await browser.call('/api/logout', { method: 'POST', headers: { 'x-tam': '1' } })
  expect(reply.status).toBe(204)
  expect(reply.headers.get('set-cookie')).toContain(
    '__Host-rt=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0; Secure',
  )
  expect((await browser.call('/api/me')).status).toBe(401)
  browser.cookie = cookie
  expect((await browser.refresh()).status).toBe(401)
  expect(heard).toHaveLength(1)
  expect(
    (await server.browser().call('/api/logout', { method: 'POST', headers: { 'x-tam': '1' } })).status,
  ).toBe(204)
})

test('without a cookie there is nothing to refresh', async () => {
  const server = await startServer()
  const { status, body } = await server.browser().refresh()
  expect([status, body.code]).toEqual([401, 'unauthenticated'])
})

test('a changed password ends all other logins', async () => {
  const server = await startServer()
  const [here, there] = [server.browser(), server.browser()]
  await here.register({ username: 'anh' })
  await there.login('anh')
  const wrong = await here.call('/api/me/password', { json: { current: 'sai', password: 'mật khẩu mới' } })
  expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials'])
  const json = { current: 'mật khẩu dài', password: 'mật khẩu mới' }
  expect((await here.call('/api/me/password', { json })).status).toBe(204)
  expect((await here.call('/api/me')).status).toBe(200)
  expect((await there.call('/api/me')).status).toBe(401)
  expect((await there.refresh()).status).toBe(401)
  expect((await server.browser().login('anh')).status).toBe(401)
  expect((await server.browser().login('anh', 'mật khẩu mới')).status).toBe(200)
})

test('[R44] a token counts in its header only, and a cookie counts for nothing else', async () => {
  const server = await startServer()
  const browser = server.browser()
  await browser.register()
  const { token } = browser
  browser.token = undefined
  for (const path of [`/api/me?access_token=${token}`, '/api/me']) {
    expect((await browser.call(path)).status).toBe(401)
  }
  for (const authorization of [
    'Bearer',
    'Bearer ',
    `Basic ${token}`,
    `Bearer  ${token}`,
    `Bearer ${token} x`,
    token!,
  ]) {
    expect((await browser.call('/api/me', { headers: { authorization } })).status).toBe(401)
  }
  const refreshToken = browser.cookie!.split('=')[1]!
  expect(
    (await browser.call('/api/me', { headers: { authorization: `Bearer ${refreshToken}` } })).status,
  ).toBe(401)
})

test('signing out on a full disk is 507, and the browser forgets the login all the same', async () => {
  const server = await startServer()
  const browser = server.browser()
  await browser.register()
  const commit = spyOn(server.kv, 'commit').mockRejectedValue(new StorageFull())
  const reply = await browser.call('/api/logout', { method: 'POST', headers: { 'x-tam': '1' } })
  commit.mockRestore()
  expect([reply.status, reply.body.code]).toEqual([507, 'storage_full'])
  expect(reply.headers.getSetCookie()).toEqual([
    '__Host-rt=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0; Secure',
  ])
  expect(browser.cookie).toBeUndefined()
})
