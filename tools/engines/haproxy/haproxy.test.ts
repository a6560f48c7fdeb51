import { expect, test } from 'bun:test'
import { openSockets } from '../balancers/sockets.ts'
import { StandIn } from '../balancers/stand-in.ts'
import { startHaproxy } from './server.ts'

// It needs HAProxy: `npm test` sets this.
if (process.env.TAM_TEST_BALANCERS === '1') {
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

  test('notification servers take turns', async () => {
    await using first = new StandIn()
    await using second = new StandIn()
    const notify = [first.port, second.port]
    await using haproxy = await startHaproxy({ api: [first.port], chat: [first.port], notify })
    for (let sent = 0; sent < 10; sent++) {
      await (await fetch(`http://127.0.0.1:${haproxy.notifyPort}/x`)).text()
    }
    expect([first.requests.length, second.requests.length]).toEqual([5, 5])
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

  test('more servers than the configuration has places for are refused', () => {
    expect(startHaproxy({ api: [1, 2, 3, 4, 5], chat: [1] })).rejects.toThrow('LB_API: 5 servers, 4 at most')
  })
}
