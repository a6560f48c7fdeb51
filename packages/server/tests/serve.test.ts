import { afterEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAIN = join(import.meta.dir, '../src/main.ts')
const folders: string[] = []
const children: Bun.Subprocess[] = []

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    await child.exited
  }
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true })
  }
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tam-serve-'))
  folders.push(folder)
  return folder
}

function spawn(settings: Record<string, string>): Bun.Subprocess<'ignore', 'pipe', 'pipe'> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TAM_')))
  const child = Bun.spawn([process.execPath, MAIN, 'serve'], {
    env: { ...env, TAM_PORT: '0', TAM_LOG_LEVEL: 'error', ...settings },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  children.push(child)
  return child
}

/** Runs a start that must fail; its exit code and what it says. */
async function refusedStart(settings: Record<string, string>): Promise<{ code: number; said: string }> {
  const child = spawn(settings)
  const [said, code] = await Promise.all([new Response(child.stderr).text(), child.exited])
  return { code, said }
}

/** Starts and resolves with the address it prints. */
async function start(settings: Record<string, string>): Promise<{ url: string; child: Bun.Subprocess }> {
  const child = spawn(settings)
  let said = ''
  for await (const chunk of child.stdout) {
    said += new TextDecoder().decode(chunk)
    const url = /Tám is ready: (\S+)/.exec(said)?.[1]
    if (url !== undefined) {
      return { url, child }
    }
  }
  throw new Error(`not started: ${said}${await new Response(child.stderr).text()}`)
}

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
