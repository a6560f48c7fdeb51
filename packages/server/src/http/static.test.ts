import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pageHeaders } from './headers.ts'
import { type Site, openSite } from './static.ts'
import { startServer } from './tests/server.ts'

let root: string
let site: Site

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tam-site-'))
  await mkdir(join(root, 'assets'))
  await mkdir(join(root, '.vite'))
  const files = {
    'index.html': '<!doctype html><title>Tám</title>',
    'favicon.svg': '<svg/>',
    'sw.js': 'self',
    'assets/index-1a2b.js': 'identity',
    'assets/index-1a2b.js.br': 'brotli',
    'assets/index-1a2b.js.gz': 'gzip',
    'assets/font-1a2b.woff2': 'font',
    '.vite/manifest.json': '{}',
    'notes.exe': 'not served',
  }
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(root, name), content)
  }
  site = (await openSite(root, pageHeaders({ url: 'https://chat.example.org' })))!
})

afterAll(() => rm(root, { recursive: true }))

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  site.respond(new Request(`http://localhost${path}`, { method, headers }))

test('files named after their content are kept for ever, the page is asked for again', async () => {
  const script = get('/assets/index-1a2b.js')!
  expect(await script.text()).toBe('identity')
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  const page = get('/')!
  expect(await page.text()).toContain('Tám')
  expect(page.headers.get('cache-control')).toBe('no-cache')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
})

test('[PWA-03] the service worker is asked for again, and may do what its pages may', () => {
  const { headers } = get('/sw.js')!
  expect(headers.get('cache-control')).toBe('no-cache')
  expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(headers.get('content-security-policy')).toContain("connect-src 'self'")
})

test('a page that has not changed is not sent again', async () => {
  const etag = get('/')!.headers.get('etag')!
  const again = get('/', { 'if-none-match': `W/${etag}, "other"` })!
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
  expect(get('/', { 'if-none-match': '"other"' })!.status).toBe(200)
})

test('the smallest twin that is accepted is sent', async () => {
  const cases = [
    ['br, gzip', 'br', 'brotli'],
    ['gzip, deflate, br', 'br', 'brotli'],
    ['gzip', 'gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip', 'gzip'],
    ['br;q=0.0,gzip;q=0', null, 'identity'],
    ['zstd', null, 'identity'],
    ['', null, 'identity'],
    ['brotli', null, 'identity'],
  ] as const
  for (const [accepted, encoding, text] of cases) {
    const response = get('/assets/index-1a2b.js', { 'accept-encoding': accepted })!
    expect([accepted, response.headers.get('content-encoding')]).toEqual([accepted, encoding])
    expect(response.headers.get('vary')).toBe('Accept-Encoding')
    expect([accepted, await response.text()]).toEqual([accepted, text])
  }
  expect(get('/favicon.svg', { 'accept-encoding': 'br' })!.headers.has('content-encoding')).toBe(false)
})

test('every page of the client is the page; what is no page is not', async () => {
  for (const path of ['/', '/login', '/c/Abc123def456', '/c/Abc123def456?at=5', '/đường', '/index.html']) {
    expect([path, await get(path)?.text()]).toEqual([path, expect.stringContaining('<!doctype html>')])
  }
  for (const path of [
    '/assets/gone-9z.js',
    '/assets/',
    '/api/nothing',
    '/api',
    '/ws',
    '/media/x',
    '/robots.txt',
    '/.vite/manifest.json',
    '/assets/index-1a2b.js.br',
    '/notes.exe',
    '/..%2fsecret.txt',
  ]) {
    expect([path, get(path)]).toEqual([path, undefined])
  }
})

test('HEAD has the headers of GET and no body; other methods are refused', async () => {
  const head = get('/', {}, 'HEAD')!
  expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([200, '', '34'])
  const post = get('/', {}, 'POST')!
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

test('the page may load what is ours, and nothing else', () => {
  const { headers } = get('/')!
  const policy = headers.get('content-security-policy')!
  expect(policy).toStartWith("default-src 'none'; script-src 'self'; style-src 'self';")
  expect(policy).toContain("connect-src 'self' wss://chat.example.org;")
  expect(policy).toContain("require-trusted-types-for 'script'")
  expect(policy).not.toContain('unsafe')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('strict-transport-security')).toContain('max-age=')
})

test('without a built client there is no site', async () => {
  expect(await openSite(join(root, 'missing'), {})).toBeUndefined()
  expect(await openSite(join(root, 'assets'), {})).toBeUndefined()
})

test('the server answers with the page where no route is, and with problems under /api', async () => {
  const server = await startServer({ site })
  const browser = server.browser()
  expect((await browser.call('/c/Abc123def456')).body).toContain('Tám')
  expect((await browser.call('/', { method: 'HEAD' })).status).toBe(200)
  expect((await browser.call('/', { method: 'POST' })).status).toBe(405)
  expect((await browser.call('/api/nothing')).body.code).toBe('not_found')
  expect((await browser.call('/assets/gone-9z.js')).body.code).toBe('not_found')
  const { headers } = await browser.call('/')
  expect(headers.get('content-security-policy')).toContain("script-src 'self'")
})
