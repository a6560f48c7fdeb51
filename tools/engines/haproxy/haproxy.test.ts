import { beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { INSTALL_TIMEOUT_MS } from '../balancers/balancer.ts'
import { openSockets } from '../balancers/sockets.ts'
import { StandIn } from '../balancers/stand-in.ts'
import { debianProgram } from '../debian-package.ts'
import { freePort } from '../redis/free-port.ts'
import { selfSigned } from './certificate.ts'
import { startNameServer } from './name-server.ts'
import { startHaproxy } from './server.ts'

// It needs HAProxy: `npm test` sets this.
if (process.env.TAM_TEST_BALANCERS === '1') {
  setDefaultTimeout(20_000)
  beforeAll(() => debianProgram('haproxy'), INSTALL_TIMEOUT_MS)

  test('an added chat server takes load at once', async () => {
    await using first = new StandIn()
    await using second = new StandIn()
    await using added = new StandIn()
    await using haproxy = await startHaproxy({ api: [first.port], chat: [first.port, second.port] })
    await openSockets(haproxy.port, 40)
    await haproxy.add('chat', added.port)
    await openSockets(haproxy.port, 20)
    expect([first, second, added].map(({ openSockets: open }) => open)).toEqual([20, 20, 20])
  })

  test('a server that starts later is taken in, one that ends is left out', async () => {
    const first = new StandIn()
    const late = new StandIn()
    const { port } = late
    await late.kill()
    await using haproxy = await startHaproxy({ api: [first.port, port], chat: [first.port] })
    const upAre = (first: boolean, second: boolean) =>
      haproxy.until((servers) => {
        const api = servers.filter(({ backend }) => backend === 'api')
        return api[0]?.isUp === first && api[1]?.isUp === second
      })
    await upAre(true, false)
    await using restarted = new StandIn({ port })
    await upAre(true, true)
    await first.kill()
    await upAre(false, true)
    expect((await fetch(`${haproxy.url}/api/x`)).status).toBe(200)
    expect(restarted.requests).toHaveLength(1)
  })

  test('without a server the answer is a problem that says to come back', async () => {
    await using haproxy = await startHaproxy({ api: [1], chat: [1] })
    const answer = await fetch(`${haproxy.url}/api/me`)
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([
      503,
      'application/problem+json',
      '2',
    ])
    expect(await answer.json()).toMatchObject({ status: 503, code: 'unavailable' })
  })

  test('every address of a name is a server, and leaves with it', async () => {
    await using first = new StandIn()
    await using second = new StandIn({ hostname: '127.0.0.2', port: first.port })
    using names = await startNameServer(['127.0.0.1', '127.0.0.2'])
    const name = `tam.test:${first.port}`
    const env = { LB_DNS: `127.0.0.1:${names.port}`, LB_API: name, LB_CHAT: name }
    await using haproxy = await startHaproxy({ api: [], chat: [], env })
    const used = (count: number) =>
      haproxy.until((servers) => servers.filter((s) => s.backend === 'chat' && s.isUp).length === count)
    await used(2)
    await openSockets(haproxy.port, 20)
    expect([first.openSockets, second.openSockets]).toEqual([10, 10])
    names.addresses = ['127.0.0.2']
    await used(1)
    await openSockets(haproxy.port, 20)
    expect([first.openSockets, second.openSockets]).toEqual([10, 30])
  })

  test('a trusted proxy in front names the client, nobody else does', async () => {
    await using server = new StandIn()
    const lines = { api: [server.port], chat: [server.port] }
    const forwarded = async (trusted: string) => {
      await using haproxy = await startHaproxy({ ...lines, env: { LB_TRUSTED: trusted } })
      await fetch(`${haproxy.url}/x`, { headers: { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' } })
      return server.requests.at(-1)?.headers.get('x-forwarded-for')
    }
    expect(await forwarded('10.0.0.0/8 127.0.0.1')).toBe('203.0.113.7')
    expect(await forwarded('10.0.0.0/8')).toBe('127.0.0.1')
  })

  test('TLS ends at the balancer, and http leads to it', async () => {
    await using server = new StandIn()
    using certificate = await selfSigned()
    const tlsPort = freePort()
    const env = { LB_TLS_BIND: `127.0.0.1:${tlsPort}`, LB_TLS_CERT: certificate.path }
    await using haproxy = await startHaproxy({ api: [server.port], chat: [server.port], env })
    const tls = { ca: certificate.text }
    const answer = await fetch(`https://localhost:${tlsPort}/api/x`, { tls })
    expect([answer.status, server.requests[0]?.headers.get('x-forwarded-proto')]).toEqual([200, 'https'])
    const plain = await fetch(`${haproxy.url}/api/x?y=1`, {
      redirect: 'manual',
      headers: { host: 'a.example' },
    })
    expect([plain.status, plain.headers.get('location')]).toEqual([308, 'https://a.example/api/x?y=1'])
  })

  test('what is measured is told on an address of its own', async () => {
    const port = freePort()
    const env = { LB_METRICS_BIND: `127.0.0.1:${port}` }
    await using _ = await startHaproxy({ api: [1], chat: [1], env })
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(text).toContain('haproxy_backend_active_servers{proxy="chat"}')
  })

  test('more servers than the configuration has places for are refused', async () => {
    const error = await startHaproxy({ api: [1, 2, 3, 4, 5], chat: [1] }).catch((reason: unknown) => reason)
    expect(String(error)).toContain('LB_API: 5 servers, 4 at most')
  })
}
