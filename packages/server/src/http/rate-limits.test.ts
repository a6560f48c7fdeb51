import { expect, test } from 'bun:test'
import { LOGIN_RATE_LIMITS, RATE_LIMITS } from './rate-limits.ts'
import { type Browser, startServer } from './tests/server.ts'

const PASSWORD = 'mật khẩu dài'

/** Calls until a refusal or `max`: how many passed. */
async function passed(max: number, call: () => Promise<{ status: number }>): Promise<number> {
  for (let count = 0; count < max; count++) {
    if ((await call()).status === 429) {
      return count
    }
  }
  return max
}

test('a refusal says when to come back, and then one may', async () => {
  const server = await startServer()
  const browser = server.browser()
  await browser.register()
  const json = { current: 'sai mật khẩu', password: 'mật khẩu mới' }
  const change = () => browser.call('/api/me/password', { json })
  expect(await passed(100, change)).toBe(RATE_LIMITS.password.user.burst)
  const refused = await change()
  expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited'])
  const wait = Number(refused.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  expect(refused.headers.get('ratelimit')).toBe(`"password";r=0;t=${wait}`)
  expect(refused.headers.get('ratelimit-policy')).toBe('"password";q=5;w=60')
  server.clock.advance(wait * 1_000)
  expect((await change()).status).toBe(401)
})

test('limits of one user hold over all addresses, and not for another user', async () => {
  const server = await startServer()
  const [here, there, other] = [server.browser(), server.browser(), server.browser()]
  await here.register()
  await other.register()
  there.token = here.token
  const search = (browser: Browser) => browser.call('/api/users?query=anh')
  expect(await passed(1_000, () => search(here))).toBe(RATE_LIMITS.search.user.burst)
  expect((await search(there)).status).toBe(429)
  expect((await search(other)).status).toBe(200)
})

test('limits of an address hold before anybody is authenticated', async () => {
  const server = await startServer()
  const browser = server.browser()
  expect(await passed(5_000, () => browser.refresh())).toBe(RATE_LIMITS.refresh.address.burst)
  expect((await server.browser().refresh()).status).toBe(401)
})

test('an IPv6 subscriber is one address, whatever the last 64 bits are', async () => {
  const server = await startServer()
  let host = 0
  const refresh = () => server.browser(`2001:db8:1:2::${(++host).toString(16)}`).refresh()
  expect(await passed(5_000, refresh)).toBe(RATE_LIMITS.refresh.address.burst)
  expect((await server.browser('2001:db8:1:3::1').refresh()).status).toBe(401)
})

test('guesses at one account from one network stop soon; others there go on', async () => {
  const server = await startServer()
  await server.browser().register({ username: 'anh' })
  let host = 0
  const guess = (login: string) => server.browser(`198.51.100.${++host % 250}`).login(login, 'sai mật khẩu')
  expect(await passed(100, () => guess('anh'))).toBe(LOGIN_RATE_LIMITS.pair.burst)
  expect((await guess(' ANH ')).status).toBe(429)
  expect((await guess('binh')).status).toBe(401)
})

test('[O34] a thousand networks at one account are held to its rate; its owner still gets in', async () => {
  const server = await startServer()
  const home = server.browser('192.0.2.7')
  await home.register({ username: 'anh' })
  expect((await home.login('anh', PASSWORD)).status).toBe(200)
  let tried = 0
  for (let network = 0; network < 1_000; network++) {
    const peer = `10.${network >> 8}.${network & 255}.1`
    tried += (await server.browser(peer).login('anh', 'sai mật khẩu')).status === 401 ? 1 : 0
  }
  expect(tried).toBeLessThanOrEqual(LOGIN_RATE_LIMITS.account.burst)
  expect((await server.browser('192.0.2.99').login('anh', PASSWORD)).status).toBe(200)
  expect((await server.browser('203.0.113.200').login('anh', PASSWORD)).status).toBe(429)
})

test('TAM_RATE_LIMIT_SCALE multiplies every limit', async () => {
  const server = await startServer({ rateLimitScale: 2 })
  const browser = server.browser()
  expect(await passed(5_000, () => browser.refresh())).toBe(2 * RATE_LIMITS.refresh.address.burst)
})

test('[R53] a forwarded address counts only from a configured proxy, and only as far as proxies vouch', async () => {
  const server = await startServer({ proxies: ['10.0.0.0/8'] })
  const refresh = (peer: string, forwarded: string) =>
    server.browser(peer).refresh({ 'x-forwarded-for': forwarded })
  const { burst } = RATE_LIMITS.refresh.address
  let count = 0
  expect(await passed(burst + 1, () => refresh('203.0.113.9', `198.51.100.${++count % 250}`))).toBe(burst)
  expect(
    await passed(burst + 1, () => refresh('10.0.0.1', `198.51.100.${++count % 250}, 203.0.113.10, 10.0.0.2`)),
  ).toBe(burst)
  expect((await refresh('10.0.0.1', '203.0.113.11')).status).toBe(401)
})
