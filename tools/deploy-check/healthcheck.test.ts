import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { bun, root, run } from '../run.ts'

const isHealthy = async (host: string, port: number | undefined) => {
  const env = { PATH: process.env.PATH ?? '', TAM_HOST: host, TAM_PORT: String(port) }
  return (await run([bun, join(root, 'deploy/healthcheck.ts')], { env })).code === 0
}

/** A server as Tám's, on one address. */
const listen = (hostname: string, status = 200) =>
  Bun.serve({
    hostname,
    port: 0,
    fetch: ({ url }) => new Response(null, { status: new URL(url).pathname === '/healthz' ? status : 404 }),
  })

/** Not every machine has IPv6, or all of 127.0.0.0/8. */
const isHere = (hostname: string) => {
  try {
    void listen(hostname).stop(true)
    return true
  } catch {
    return false
  }
}

test.each(['127.0.0.1', '127.0.0.2', 'localhost', '0.0.0.0', '::', '::1'].filter(isHere))(
  'a server that listens on %s is asked there',
  async (host) => {
    await using server = listen(host)
    expect(await isHealthy(host, server.port)).toBe(true)
  },
)

test('one that fails, and one that is not there, are not healthy', async () => {
  const server = listen('127.0.0.1', 500)
  expect(await isHealthy('127.0.0.1', server.port)).toBe(false)
  await server.stop(true)
  expect(await isHealthy('127.0.0.1', server.port)).toBe(false)
})
