import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServerProcess } from '../../drill/server-process.ts'
import { freePort } from '../redis/free-port.ts'
import type { Balancer, BalancerKind } from './balancer.ts'
import { nextFrame, openSocket } from './sockets.ts'

const PERSON = { username: 'nguyen.an', password: 'mật khẩu đủ dài 8', name: 'Nguyễn Ân' }

/** The real program behind a balancer. */
export function describeWithTam(kind: BalancerKind): void {
  describe(`Tám behind ${kind.name}`, () => {
    let dataDir: string
    let tam: ServerProcess
    let balancer: Balancer
    let url: string

    beforeAll(async () => {
      dataDir = mkdtempSync(join(tmpdir(), 'tam-balanced-'))
      const port = freePort()
      tam = new ServerProcess({ dataDir, port, env: { TAM_TRUSTED_PROXIES: '127.0.0.1' } })
      await tam.ready()
      balancer = await kind.start({ api: [port], chat: [port] })
      url = `http://127.0.0.1:${balancer.port}`
    })
    afterAll(async () => {
      await balancer[Symbol.asyncDispose]()
      await tam.kill()
      rmSync(dataDir, { recursive: true, force: true })
    })

    test('HTTP and WebSocket pass until it drains', async () => {
      const registered = await fetch(`${url}/api/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(PERSON),
      })
      expect(registered.status).toBe(201)
      const { accessToken } = (await registered.json()) as { accessToken: string }
      const me = await fetch(`${url}/api/me`, { headers: { authorization: `Bearer ${accessToken}` } })
      expect(await me.json()).toMatchObject({ user: { name: PERSON.name } })
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
      expect((await fetch(`${url}/metrics`)).status).toBe(404)

      const socket = await openSocket(balancer.port)
      expect(socket.protocol).toBe('tam.v1')
      const hello = nextFrame(socket)
      socket.send(JSON.stringify({ t: 'auth', token: accessToken, device: 'may-cua-an' }))
      expect(JSON.parse(await hello)).toMatchObject({ t: 'hello', user: { username: PERSON.username } })

      const drain = nextFrame(socket)
      const stopped = tam.stop()
      expect(JSON.parse(await drain)).toMatchObject({ t: 'drain' })
      socket.close()
      await stopped
    })
  })
}
