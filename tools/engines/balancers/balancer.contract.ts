import { afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { type Balancer, type BalancerKind, INSTALL_TIMEOUT_MS, type Servers } from './balancer.ts'
import { exchange } from './raw-http.ts'
import { echo, openSocket, openSockets } from './sockets.ts'
import { CuttingStandIn, type SeenRequest, StandIn } from './stand-in.ts'

/** A share that is even within 10 %. */
const isEven = (part: number, whole: number, parts: number) =>
  Math.abs(part - whole / parts) <= (whole / parts) * 0.1
const POLL_MS = 10
/** With HAProxy two failed checks take a server out; the third comes after that. */
const CHECKS_UNTIL_OUT = 3

const ports = (servers: readonly { port: number }[]) => servers.map(({ port }) => port)

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) {
    await Bun.sleep(POLL_MS)
  }
}

/** What every file in `deploy/` for a balancer promises, against two stand-ins. */
export function describeBalancer(kind: BalancerKind): void {
  describe(kind.name, () => {
    beforeAll(() => kind.check(), INSTALL_TIMEOUT_MS)
    let cleanup = new AsyncDisposableStack()
    afterEach(async () => {
      await cleanup.disposeAsync()
      cleanup = new AsyncDisposableStack()
    })

    const standIns = (options?: { refuses: boolean }): [StandIn, StandIn] => [
      cleanup.use(new StandIn(options)),
      cleanup.use(new StandIn(options)),
    ]
    const start = async (servers: Servers): Promise<Balancer> => cleanup.use(await kind.start(servers))
    const forwardedFor = ({ headers }: SeenRequest) => headers.get('x-forwarded-for')
    const balanced = async (options?: { refuses: boolean }) => {
      const [api, chat] = [standIns(options), standIns(options)]
      const balancer = await start({ api: ports(api), chat: ports(chat) })
      const { port } = balancer
      const requests = () => [...api, ...chat].flatMap((server) => server.requests)
      return { api, balancer, chat, requests, port, url: `http://127.0.0.1:${port}` }
    }

    test('its configuration is accepted', async () => {
      const { code, output } = await kind.check()
      expect({ code, output }).toEqual({ code: 0, output })
    })

    test('requests are spread evenly', async () => {
      const { api, url } = await balanced()
      const count = 400
      const get = async (_: unknown, index: number) => (await fetch(`${url}/api/${index}`)).text()
      for (let sent = 0; sent < count; sent += 20) {
        await Promise.all(Array.from({ length: 20 }, get))
      }
      const parts = api.map(({ requests }) => requests.length)
      expect({ parts, even: parts.every((part) => isEven(part, count, 2)) }).toEqual({ parts, even: true })
    })

    test('every path of the API and the web client arrives, /metrics does not', async () => {
      const { requests, url } = await balanced()
      const paths = ['/', '/c/abc', '/api/me', '/media/a/b', '/openapi.json', '/healthz', '/assets/x.js']
      for (const path of paths) {
        expect([path, await (await fetch(url + path)).text()]).toEqual([path, path])
      }
      expect((await fetch(`${url}/metrics`)).status).toBe(404)
      expect(requests().map(({ path }) => path)).not.toContain('/metrics')
    })

    test('WebSockets are spread evenly, also after those of one server have gone', async () => {
      const { chat, port } = await balanced()
      const [first, second] = chat
      const sockets = await openSockets(port, 100)
      expect([first.openSockets, second.openSockets].every((part) => isEven(part, 100, 2))).toBe(true)
      expect(await echo(sockets[0]!, 'chào')).toBe('chào')
      const servers = await Promise.all(sockets.map((socket) => echo(socket, 'who')))
      const ofFirst = sockets.filter((_, index) => servers[index] === String(first.port))
      ofFirst.slice(0, 40).forEach((socket) => socket.close())
      await until(() => first.openSockets === ofFirst.length - 40)
      await openSockets(port, 60)
      expect([first.openSockets, second.openSockets].every((part) => isEven(part, 120, 2))).toBe(true)
    })

    test('no GET fails while one of two servers is killed', async () => {
      const { api, url } = await balanced()
      const answers: number[] = []
      const read = async () => {
        for (let sent = 0; sent < 100; sent++) {
          answers.push((await fetch(`${url}/api/x`)).status)
        }
      }
      const readers = [read(), read(), read(), read()]
      await until(() => answers.length > 100)
      await api[0].kill()
      await Promise.all(readers)
      expect(answers).toEqual(Array.from({ length: 400 }, () => 200))
    })

    test('a drained server gets no new WebSocket and keeps its old ones', async () => {
      const { chat, port } = await balanced({ refuses: kind.movesRefused })
      const [drained, other] = chat
      const old = await openSockets(port, 20)
      const kept = drained.openSockets
      drained.drain()
      if (!kind.movesRefused) {
        await until(() => drained.failedChecks >= CHECKS_UNTIL_OUT)
      }
      await openSockets(port, 20)
      expect([drained.admitted, drained.openSockets]).toEqual([kept, kept])
      expect(other.openSockets).toBe(40 - kept)
      expect(await Promise.all(old.map((socket) => echo(socket, 'còn đây')))).toEqual(
        Array.from({ length: 20 }, () => 'còn đây'),
      )
    })

    if (kind.asksReadiness) {
      test('a server that is not ready gets nothing new', async () => {
        const { api, chat, port, url } = await balanced({ refuses: false })
        const drained = [api[0], chat[0]]
        drained.forEach((server) => server.drain())
        await until(() => drained.every(({ failedChecks }) => failedChecks >= CHECKS_UNTIL_OUT))
        await openSockets(port, 20)
        for (let sent = 0; sent < 20; sent++) {
          await (await fetch(`${url}/api/x`)).text()
        }
        expect(drained.map(({ requests }) => requests)).toEqual([[], []])
      })
    }

    test("a server's close code arrives", async () => {
      const { port } = await balanced()
      const socket = await openSocket(port)
      const code = new Promise<number>((resolve) =>
        socket.addEventListener('close', (event) => resolve(event.code)),
      )
      socket.send('close')
      expect(await code).toBe(4412)
    })

    test('what a client says about its address does not reach the servers', async () => {
      const { requests, port, url } = await balanced()
      const forged = {
        'x-forwarded-for': '203.0.113.7',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-port': '666',
        'x-real-ip': '203.0.113.7',
        forwarded: 'for=203.0.113.7',
      }
      await (await fetch(`${url}/api/x`, { headers: forged })).text()
      await openSocket(port, forged)
      expect(requests().map(({ path }) => path)).toEqual(['/api/x', '/ws'])
      for (const { headers } of requests()) {
        expect(headers.get('x-forwarded-for')).toBe('127.0.0.1')
        expect(JSON.stringify([...headers])).not.toMatch(/203\.0\.113\.7|evil|666/)
      }
    })

    test('notification servers take turns, and tell nobody how they are', async () => {
      const notify = standIns()
      const one = [cleanup.use(new StandIn()).port]
      const { notifyPort } = await start({ api: one, chat: one, notify: ports(notify) })
      const ask = (path: string) =>
        fetch(`http://127.0.0.1:${notifyPort}${path}`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
      for (let sent = 0; sent < 10; sent++) {
        expect(await (await ask('/x')).text()).toBe('/x')
      }
      expect(notify.map(({ requests }) => requests.length)).toEqual([5, 5])
      expect([(await ask('/metrics')).status, (await ask('/readyz')).status]).toEqual([404, 404])
      expect([...new Set(notify.flatMap(({ requests }) => requests.map(forwardedFor)))]).toEqual([
        '127.0.0.1',
      ])
    })

    test('no spelling leads to what notification servers tell of themselves', async () => {
      const notify = standIns()
      const one = [cleanup.use(new StandIn()).port]
      const { notifyPort = 0 } = await start({ api: one, chat: one, notify: ports(notify) })
      const ask = async (path: string) => {
        const head = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${notifyPort}\r\nconnection: close\r\n\r\n`
        return (await exchange(notifyPort, head)).split(' ', 2)[1]
      }
      expect(await ask('/v1/push.send/a_b-c?to=%C3%A2')).toBe('200')
      const answers: [path: string, status: string][] = []
      for (const path of SPELLINGS.flatMap((spelling) => [spelling('readyz'), spelling('metrics')])) {
        answers.push([path, (await ask(path)) ?? ''])
      }
      expect(answers.filter(([, status]) => status !== '404' && status !== '400')).toEqual([])
      expect(notify.flatMap(({ requests }) => requests)).toHaveLength(1)
    })

    test('a POST is never sent twice', async () => {
      const cutting = [cleanup.use(await CuttingStandIn.start()), cleanup.use(await CuttingStandIn.start())]
      const { port } = await start({ api: ports(cutting), chat: ports(cutting) })
      const { status } = await fetch(`http://127.0.0.1:${port}/api/x`, { method: 'POST', body: '{}' })
      expect(status).toBe(502)
      expect(cutting.flatMap(({ requests }) => requests)).toEqual(['POST /api/x HTTP/1.1'])
    })

    test('[R50] balancer and server agree where a request ends', async () => {
      const { requests, port } = await balanced()
      const hidden = () => requests().filter(({ path }) => path === '/api/hidden').length
      for (const attack of AMBIGUOUS) {
        const before = hidden()
        // Whoever is answered has asked: only a request that nobody is answered for was smuggled.
        const answered = (await exchange(port, attack)).split('/api/hidden').length - 1
        expect([attack, hidden() - before]).toEqual([attack, answered])
        const next = await exchange(port, 'GET /api/next HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
        expect([attack, next.includes('\r\n/api/next')]).toEqual([attack, true])
      }
    })

    test('no log has a query or the token of an invitation, whether servers answer or fail', async () => {
      const { api, balancer, url } = await balanced()
      const token = 'wq8Zt3kLmN0pRs5v'
      const referer = `${url}/i/${token}`
      const ask = async (path: string, method = 'GET') =>
        (await fetch(url + path, { method, headers: { referer } })).text()
      const askAll = async (last: string) => {
        await ask(`/i/${token}`)
        await ask(`/api/invites/${token}?q=${token}`)
        await ask(`/api/invites/${token}/accept`, 'POST')
        await ask(`${last}?q=${token}`)
      }
      await askAll('/api/answered')
      await Promise.all(api.map((server) => server.kill()))
      await askAll('/api/failed')
      let log = ''
      const logged = ['/i/***', '/api/invites/***', '/api/invites/***/accept', '/api/failed']
      while (!logged.every((path) => log.includes(path))) {
        await Bun.sleep(POLL_MS)
        log = await balancer.log()
        expect(log).not.toContain(token)
      }
    })

    test('a head that is too large is refused, one of 6 KiB is not', async () => {
      const { requests, url } = await balanced()
      const get = (length: number) => fetch(`${url}/api/x`, { headers: { 'x-long': 'a'.repeat(length) } })
      expect((await get(6_000)).status).toBe(200)
      const { status } = await get(40_000)
      expect([400, 413, 414, 431, 494]).toContain(status)
      expect(requests()).toHaveLength(1)
    })

    test('nothing but WebSocket is upgraded to', async () => {
      const { requests, port } = await balanced()
      await exchange(
        port,
        'GET /api/x HTTP/1.1\r\nhost: x\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n',
      )
      expect(requests().map(({ headers }) => headers.get('upgrade'))).toEqual([null])
    })
  })
}

const escaped = (text: string) => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`

/** How else a page of a server can be asked for: its parser of URLs takes away dots, `\`, escapes, fragments. */
const SPELLINGS: readonly ((page: string) => string)[] = [
  (page) => `/${page}`,
  (page) => `/${page}?x`,
  (page) => `/${page}#x`,
  (page) => `/${escaped(page)}`,
  (page) => `/./${page}`,
  (page) => `/%2e/${page}`,
  (page) => `/.\\${page}`,
  (page) => `/../${page}`,
  (page) => `/x/../${page}`,
  (page) => `/x/%2E%2e/${page}`,
  (page) => `/x\\..\\${page}`,
  (page) => `/x%2fy/../${page}`,
  (page) => `http://127.0.0.1/${page}`,
  (page) => `http://127.0.0.1/${escaped(page)}`,
]

const HEAD = 'POST /api/a HTTP/1.1\r\nhost: x\r\n'
const HIDDEN = 'GET /api/hidden HTTP/1.1\r\nhost: x\r\n\r\n'

/** Requests that two parsers could cut in different places. */
const AMBIGUOUS = [
  `${HEAD}content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  `${HEAD}transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`,
  `${HEAD}transfer-encoding: xchunked\r\ncontent-length: 3\r\n\r\nabc${HIDDEN}`,
  `${HEAD}transfer-encoding : chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n${HIDDEN}`,
  `${HEAD}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n${HIDDEN}`,
  `${HEAD}content-length: 0\r\ncontent-length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  `${HEAD}content-length: 0, ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  `${HEAD}content-length: +5\r\n\r\nabcde${HIDDEN}`,
  `${HEAD}content_length: 5\r\n\r\n${HIDDEN}`,
  `${HEAD}x: a\n content-length: 5\r\n\r\n${HIDDEN}`,
  `${HEAD}transfer-encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n${HIDDEN}`,
  `${HEAD}transfer-encoding: chunked\r\n\r\n-1\r\nabc\r\n0\r\n\r\n${HIDDEN}`,
]
