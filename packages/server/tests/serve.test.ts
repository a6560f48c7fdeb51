import { Database } from 'bun:sqlite'
import { CLOSE, SUBPROTOCOL } from '@tam/protocol'
import { must } from '@tam/util'
import { expect, test } from 'bun:test'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../../tools/engines/redis/free-port.ts'
import { ServerUnderTest } from './server-under-test.ts'
import { newFolder, refusedStart, start } from './spawned-server.ts'

test('a port in use is named, with what to do, and nothing is opened', async () => {
  const other = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
  const data = join(newFolder(), 'data')
  const { code, said } = await refusedStart({ TAM_PORT: String(other.port), TAM_DATA_DIR: data })
  expect(code).toBe(1)
  expect(said).toContain(`Port ${other.port} of 127.0.0.1 is in use`)
  expect(said).toContain('TAM_PORT')
  expect(await Bun.file(join(data, 'tam.db')).exists()).toBe(false)
  await other.stop(true)
})

test('a data directory that cannot be made is named', async () => {
  const file = join(newFolder(), 'a-file')
  writeFileSync(file, 'not a directory')
  const { code, said } = await refusedStart({ TAM_DATA_DIR: join(file, 'data') })
  expect(code).toBe(1)
  expect(said).toContain(file)
  expect(said.trim().split('\n')).toHaveLength(1)
})

test('a corrupt database is named and left as it is', async () => {
  const data = newFolder()
  const path = join(data, 'tam.db')
  const content = `SQLite format 3\0${'rubbish'.repeat(2_000)}`
  writeFileSync(path, content)
  const { code, said } = await refusedStart({ TAM_DATA_DIR: data })
  expect(code).toBe(1)
  expect(said).toContain(path)
  expect(readFileSync(path, 'utf8')).toBe(content)
})

test('a damaged row that SQLite does not notice is named with its file, and left as it is', async () => {
  const data = newFolder()
  const path = join(data, 'tam.db')
  const first = await start({ TAM_DATA_DIR: data })
  first.child.kill('SIGTERM')
  await first.ended()
  const write = (key: string, change: string) => {
    using database = new Database(path)
    const query = `UPDATE kv SET value = ${change} WHERE partition = 'server' AND key = ? RETURNING value`
    return database.query<{ value: string }, [string]>(query).get(key)?.value
  }
  for (const [key, damage] of [
    ['keys', 'substr(value, 1, 20)'],
    ['keys', 'replace(value, \'"pkcs8":"\', \'"pkcs8":"A\')'],
    ['keys', "replace(value, 'refreshSecret', 'refreshSecreu')"],
    ['epoch', "'not an epoch'"],
    ['format', "'not a number'"],
  ] as const) {
    const whole = must(write(key, 'value'))
    const damaged = must(write(key, damage))
    expect(damaged).not.toBe(whole)
    const { code, said } = await refusedStart({ TAM_DATA_DIR: data })
    expect({ code, said }).toEqual({
      code: 1,
      said: `${path}: the row "${key}" of "server" is damaged; nothing was changed: restore a backup\n`,
    })
    expect(write(key, 'value')).toBe(damaged)
    write(key, `'${whole}'`)
  }
  await start({ TAM_DATA_DIR: data })
})

test('a second process on the same data is refused with one line, the first goes on', async () => {
  const data = newFolder()
  const { url } = await start({ TAM_DATA_DIR: data })
  const { code, said } = await refusedStart({ TAM_DATA_DIR: data })
  expect(code).toBe(1)
  expect(said).toContain(join(data, 'tam.db'))
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
})

test('unknown and wrong settings are reported all at once, with the nearest known name', async () => {
  const { code, said } = await refusedStart({
    TAM_PRT: '80',
    TAM_PORT: 'eighty',
    TAM_REGISTRATION: 'perhaps',
  })
  expect(code).toBe(1)
  expect(said).toContain('TAM_PRT: is not a setting; did you mean TAM_PORT?')
  expect(said).toContain('TAM_PORT: must be a number')
  expect(said).toContain('TAM_REGISTRATION')
})

test('SIGTERM drains and ends with 0; the data is there at the next start', async () => {
  const data = join(newFolder(), 'deep', 'data')
  mkdirSync(join(data, '..'), { recursive: true })
  const first = await start({ TAM_DATA_DIR: data, TAM_LOG_LEVEL: 'debug' })
  const body = JSON.stringify({ username: 'truc', password: 'mật khẩu của Trúc' })
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(`${first.url}/api/register`, { method: 'POST', headers, body })).status).toBe(201)
  first.child.kill('SIGTERM')
  expect(await first.ended()).toBe(0)
  expect(first.said).toContain('"signal":"SIGTERM","msg":"stopping"')
  expect(first.said).toMatch(/"ms":\d+,"msg":"stopped"/)
  // Who can read the signing key can sign in as anybody.
  expect(statSync(data).mode & 0o077).toBe(0)
  expect(statSync(join(data, 'tam.db')).mode & 0o077).toBe(0)
  const second = await start({ TAM_DATA_DIR: data })
  const login = JSON.stringify({ login: 'truc', password: 'mật khẩu của Trúc' })
  expect((await fetch(`${second.url}/api/login`, { method: 'POST', headers, body: login })).status).toBe(200)
})

test('told to end while it waits for its uploads, it says so', async () => {
  const away = { TAM_DATA_DIR: newFolder(), TAM_BLOBS_URL: 's3://key:secret@127.0.0.1:1/uploads' }
  const server = new ServerUnderTest(['serve'], { ...away, TAM_LOG_LEVEL: 'warn' })
  while (!server.said.includes('"level":40') && server.child.exitCode === null) {
    await Bun.sleep(10)
  }
  server.child.kill('SIGTERM')
  expect(await server.ended()).toBe(0)
  expect(server.said).toContain('Tám was told to end by SIGTERM before it was ready.')
})

test('Ctrl-C under npm, which is two signals, drains', async () => {
  const { child, url } = await start({ TAM_DATA_DIR: newFolder() })
  const body = JSON.stringify({ username: 'truc', password: 'mật khẩu của Trúc' })
  const headers = { 'content-type': 'application/json' }
  const registered = await fetch(`${url}/api/register`, { method: 'POST', headers, body })
  const { accessToken } = (await registered.json()) as { accessToken: string }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, SUBPROTOCOL)
  const closed = new Promise<number>((resolve) =>
    socket.addEventListener('close', ({ code }) => resolve(code)),
  )
  socket.addEventListener('open', () =>
    socket.send(JSON.stringify({ t: 'auth', token: accessToken, device: 'laptop-cua-truc' })),
  )
  socket.addEventListener('message', ({ data }) => {
    const { t } = JSON.parse(String(data)) as { t: string }
    if (t === 'hello' || t === 'drain') {
      child.kill('SIGINT')
    }
  })
  expect(await closed).toBe(CLOSE.draining.code)
  expect(await child.exited).toBe(0)
})

const FLEET = {
  TAM_REDIS_URL: 'redis://127.0.0.1:1',
  TAM_BLOBS_URL: 'file:///nowhere/uploads',
  TAM_KV_URL: 'unix:///nowhere/kv',
  TAM_PUBLIC_URL: 'http://localhost:8080',
}

test('--roles wins over TAM_ROLES, and what it needs is said', async () => {
  const settings = { TAM_ROLES: 'all', TAM_DATA_DIR: newFolder() }
  const { code, said } = await refusedStart(settings, ['serve', '--roles', 'chat'])
  expect(code).toBe(1)
  expect(said).toContain('TAM_KV_URL: ')
  expect(said).toContain('TAM_REDIS_URL: ')
  expect((await refusedStart(FLEET, ['serve', '--roles', 'cat'])).said).toContain('TAM_ROLES: must be all')
})

test('a directory for uploads that cannot be made is named', async () => {
  const file = join(newFolder(), 'a-file')
  writeFileSync(file, 'not a directory')
  const { code, said } = await refusedStart({
    TAM_DATA_DIR: newFolder(),
    TAM_BLOBS_URL: `file://${file}/uploads`,
  })
  expect(code).toBe(1)
  expect(said).toContain(`${file}/uploads: uploads cannot be kept there`)
})

test('a store that a newer version has taken over is refused', async () => {
  const data = newFolder()
  const first = await start({ TAM_DATA_DIR: data })
  first.child.kill('SIGTERM')
  await first.ended()
  {
    using database = new Database(join(data, 'tam.db'))
    database.run("UPDATE kv SET value = '9' WHERE partition = 'server' AND key = 'format'")
  }
  const { code, said } = await refusedStart({ TAM_DATA_DIR: data })
  expect(code).toBe(1)
  expect(said).toContain('admits format 9 and later')
})

test('the admin port tells metrics and readiness to whoever reaches it; one in use is named', async () => {
  const { port } = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response() })
  const taken = { TAM_DATA_DIR: newFolder(), TAM_ADMIN_PORT: String(port) }
  const { code, said } = await refusedStart(taken)
  expect([code, said]).toEqual([1, expect.stringContaining(`TAM_ADMIN_PORT`)])
  const free = freePort()
  await start({ TAM_DATA_DIR: newFolder(), TAM_ADMIN_PORT: String(free) })
  const admin = `http://127.0.0.1:${free}`
  const metrics = await fetch(`${admin}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.1' } })
  expect(await metrics.text()).toContain('tam_ready 1')
  expect(await (await fetch(`${admin}/readyz`)).json()).toEqual({ status: 'ready' })
  expect((await fetch(`${admin}/api/me`)).status).toBe(404)
})

test('migrate has nothing to do for a SQLite file', async () => {
  const { code, said } = await refusedStart({ TAM_DATA_DIR: newFolder() }, ['migrate'])
  expect(code).toBe(0)
  expect(said).toContain('nothing to do')
})
