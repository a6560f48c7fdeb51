import { expect, test } from 'bun:test'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
  const first = await start({ TAM_DATA_DIR: data })
  const body = JSON.stringify({ username: 'truc', password: 'mật khẩu của Trúc' })
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(`${first.url}/api/register`, { method: 'POST', headers, body })).status).toBe(201)
  first.child.kill('SIGTERM')
  expect(await first.child.exited).toBe(0)
  const second = await start({ TAM_DATA_DIR: data })
  const login = JSON.stringify({ login: 'truc', password: 'mật khẩu của Trúc' })
  expect((await fetch(`${second.url}/api/login`, { method: 'POST', headers, body: login })).status).toBe(200)
})
