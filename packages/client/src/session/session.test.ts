import { expect, test } from 'bun:test'
import type { Me } from '@tam/protocol'
import { FakeClock, FakeServer } from '@tam/testkit'
import { seededRandom } from '@tam/util'
import { Http, type Fetch } from '../rest/http.ts'
import { microtaskScheduler, Notifier } from '../store/observable.ts'
import { drain } from '../tests/test-network.ts'
import { cookieFetch } from './cookie-fetch.ts'
import { memoryDeviceStore } from './device-store.memory.ts'
import { SessionManager } from './session.ts'
import { singleTab, type TabMessage, type Tabs } from './tabs.ts'

const portal = () => new Response('<h1>Wi-Fi</h1>', { status: 200, headers: { 'content-type': 'text/html' } })

class Bench {
  readonly clock = new FakeClock()
  readonly server = new FakeServer(this.clock)
  readonly calls: string[] = []
  readonly events: string[] = []
  readonly devices = memoryDeviceStore()
  /** What another tab says. */
  tell: (message: TabMessage) => void = () => undefined
  /** What answers instead of the server. */
  instead: (() => Response | Promise<Response>) | undefined
  readonly fetch: Fetch = cookieFetch(async (url, init) => {
    this.calls.push(`${init.method} ${new URL(url).pathname}`)
    return this.instead === undefined ? this.server.fetch(url, init) : this.instead()
  })

  constructor() {
    this.server.store.addPerson('huong', 'Nguyễn Thị Hường')
    this.server.store.addPerson('dat', 'Trần Văn Đạt')
  }

  session(tabs: Tabs = singleTab(seededRandom(3))): SessionManager {
    return new SessionManager({
      http: new Http({ url: 'http://server.test', fetch: this.fetch, clock: this.clock }),
      clock: this.clock,
      random: seededRandom(4),
      tabs,
      devices: this.devices,
      notifier: new Notifier(microtaskScheduler, () => undefined),
      listener: {
        signedIn: (me: Me) => this.events.push(`in ${me.id}`),
        signedOut: async (wipe) => void this.events.push(wipe ? 'out and wiped' : 'out'),
        forget: async (user) => void this.events.push(`forgot ${user}`),
        renewed: (token) => this.events.push(`renewed ${token}`),
      },
    })
  }

  async signedIn(): Promise<SessionManager> {
    const session = this.session()
    await session.login({ login: 'huong', password: 'mật khẩu dài' })
    return session
  }
}

test('a first visit without a cookie is signed out, without a reason', async () => {
  const bench = new Bench()
  const session = bench.session()
  expect(session.state.get()).toEqual({ status: 'restoring' })
  await session.restore()
  expect(session.state.get()).toEqual({ status: 'signed-out' })
})

test('a reload knows the person before the network answers, and keeps the device id', async () => {
  const bench = new Bench()
  const before = await bench.signedIn()
  await drain()
  bench.instead = () => Promise.reject(new TypeError('offline'))
  const after = bench.session()
  await after.restore()
  await drain()
  expect(after.state.get()).toMatchObject({ status: 'signed-in', me: { id: 'huong' } })
  expect(await after.deviceId()).toBe(await before.deviceId())
})

test('a reload whose login is over says why', async () => {
  const bench = new Bench()
  await bench.signedIn()
  await drain()
  bench.server.store.people.delete('huong')
  bench.instead = () =>
    new Response('{"code":"unauthenticated"}', {
      status: 401,
      headers: { 'content-type': 'application/problem+json' },
    })
  const session = bench.session()
  await session.restore()
  await drain()
  expect(session.state.get()).toEqual({ status: 'signed-out', reason: 'expired' })
  expect(bench.events.at(-1)).toBe('out')
})

test('a captive portal does not sign out', async () => {
  const bench = new Bench()
  const session = await bench.signedIn()
  session.refuse(await session.token())
  bench.instead = portal
  await expect(session.token()).rejects.toMatchObject({ code: 'offline', retryable: true })
  expect(session.state.get().status).toBe('signed-in')
})

test('any number of callers make one refresh', async () => {
  const bench = new Bench()
  const session = await bench.signedIn()
  session.refuse(await session.token())
  const tokens = await Promise.all([session.token(), session.token(), session.refresh()])
  expect(new Set(tokens).size).toBe(1)
  expect(bench.calls.filter((call) => call === 'POST /api/refresh')).toHaveLength(1)
})

test('refreshes of two tabs do not overlap', async () => {
  const bench = new Bench()
  await bench.signedIn()
  let running = 0
  let most = 0
  bench.instead = async () => {
    most = Math.max(most, ++running)
    await drain()
    running--
    return bench.server.fetch('http://server.test/api/login', { method: 'POST', body: '{"login":"huong"}' })
  }
  const locks = sharedLocks()
  await Promise.all([bench.session(locks).refresh(), bench.session(locks).refresh()])
  expect(most).toBe(1)
})

test('the token is renewed before it runs out, also after a failed try', async () => {
  const bench = new Bench()
  await bench.signedIn()
  bench.instead = portal
  bench.clock.advance(480_000)
  await drain()
  expect(bench.calls.at(-1)).toBe('POST /api/refresh')
  bench.instead = undefined
  bench.clock.advance(20_000)
  await drain()
  expect(bench.events.at(-1)).toStartWith('renewed token-')
})

test('a token that ran out while the laptop slept is not handed out', async () => {
  const bench = new Bench()
  const session = await bench.signedIn()
  const before = await session.token()
  bench.clock.jump(3_600_000)
  expect(await session.token()).not.toBe(before)
})

test('a revoked login signs out, and what is on the device stays', async () => {
  const bench = new Bench()
  const session = await bench.signedIn()
  bench.instead = () =>
    new Response('{"code":"unauthenticated"}', {
      status: 401,
      headers: { 'content-type': 'application/problem+json' },
    })
  await expect(session.refresh()).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(session.state.get()).toEqual({ status: 'signed-out', reason: 'revoked' })
  expect(bench.events.at(-1)).toBe('out')
  await expect(session.refresh()).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(session.state.get()).toEqual({ status: 'signed-out', reason: 'revoked' })
})

test('logging out wipes here and in the other tabs', async () => {
  const bench = new Bench()
  const session = await bench.signedIn()
  const other = bench.session(tabHearing(bench))
  await other.restore()
  await session.logout()
  expect(session.state.get()).toEqual({ status: 'signed-out' })
  bench.tell({ type: 'signed-out' })
  await drain()
  expect(other.state.get()).toEqual({ status: 'signed-out' })
  expect(bench.events.filter((event) => event === 'out and wiped')).toHaveLength(2)
  expect(await bench.devices.load()).toEqual({ id: await session.deviceId() })
})

test('logging out without a network wipes at once; the server hears of it when it answers', async () => {
  const bench = new Bench()
  const session = await bench.signedIn()
  bench.instead = () => Promise.reject(new TypeError('offline'))
  await session.logout()
  expect(session.state.get()).toEqual({ status: 'signed-out' })
  expect(bench.events.at(-1)).toBe('out and wiped')
  expect(await bench.devices.load()).toEqual({ id: await session.deviceId(), ending: true })
  bench.instead = undefined
  bench.clock.advance(20_000)
  await drain()
  expect(bench.calls.at(-1)).toBe('POST /api/logout')
  expect(await bench.devices.load()).toEqual({ id: await session.deviceId() })
})

test('after logging out without a network no reload takes the cookie for a login', async () => {
  const bench = new Bench()
  const before = await bench.signedIn()
  bench.instead = () => Promise.reject(new TypeError('offline'))
  await before.logout()
  before.close()
  bench.calls.length = 0
  const after = bench.session()
  await after.restore()
  await expect(after.refresh()).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(after.state.get()).toEqual({ status: 'signed-out' })
  bench.instead = undefined
  await after.login({ login: 'dat', password: 'mật khẩu dài' })
  await drain()
  expect(bench.calls).toEqual(['POST /api/logout', 'POST /api/logout', 'POST /api/login'])
  expect(await bench.devices.load()).toMatchObject({ account: { id: 'dat' } })
  expect(await bench.devices.load()).not.toHaveProperty('ending')
})

test('a signing out that a crash cut off is finished by the next start', async () => {
  const bench = new Bench()
  await bench.signedIn()
  await drain()
  const device = await bench.devices.load()
  await bench.devices.save({ ...device!, ending: true })
  const session = bench.session()
  await session.restore()
  await drain()
  expect(bench.events.at(-1)).toBe('forgot huong')
  expect(await bench.devices.load()).toEqual({ id: device!.id })
})

test('what is left of a login that was revoked elsewhere goes when another person signs in', async () => {
  const bench = new Bench()
  const session = await bench.signedIn()
  bench.instead = () =>
    new Response('{"code":"unauthenticated"}', {
      status: 401,
      headers: { 'content-type': 'application/problem+json' },
    })
  await session.refresh().catch(() => undefined)
  bench.instead = undefined
  const again = bench.session()
  await again.login({ login: 'huong', password: 'mật khẩu dài' })
  expect(bench.events).not.toContain('forgot huong')
  await again.login({ login: 'dat', password: 'mật khẩu dài' })
  await drain()
  expect(bench.events).toContain('forgot huong')
  expect(await bench.devices.load()).toMatchObject({ account: { id: 'dat' } })
})

test('when another tab signs somebody else in, this one follows', async () => {
  const bench = new Bench()
  const session = bench.session(tabHearing(bench))
  await session.login({ login: 'huong', password: 'mật khẩu dài' })
  await bench.fetch('http://server.test/api/login', { method: 'POST', body: '{"login":"dat"}' })
  bench.tell({ type: 'signed-in', user: 'dat' })
  await drain()
  expect(session.me()?.id).toBe('dat')
  expect(bench.events).toContain('in dat')
})

function sharedLocks(): Tabs {
  let last: Promise<unknown> = Promise.resolve()
  return {
    ...singleTab(seededRandom(5)),
    exclusive(_name, run) {
      const result = last.then(run)
      last = result.catch(() => undefined)
      return result
    },
  }
}

function tabHearing(bench: Bench): Tabs {
  return {
    ...singleTab(seededRandom(6)),
    onMessage(listener) {
      bench.tell = listener
      return () => undefined
    },
  }
}
