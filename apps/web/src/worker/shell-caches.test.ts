import { beforeEach, expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { FakeCaches } from './fake-caches.ts'
import { KEEP_REPLACED_MS, REPLACED_MAX, ShellCaches } from './shell-caches.ts'
import type { Shell } from './shell.ts'

const origin = 'https://chat.example.org'
const clock = new FakeClock()
let caches: FakeCaches
let asked: (RequestInit & { path: string })[]
let answer: (path: string) => Response

beforeEach(() => {
  caches = new FakeCaches()
  asked = []
  answer = (path) => new Response(`nội dung ${path}`)
})

function shellCaches(build: string, paths: readonly string[]) {
  const shell: Shell = { build, files: paths.map((path) => [path, `sha256-${path}`]) }
  return new ShellCaches(shell, {
    caches: caches as unknown as CacheStorage,
    clock,
    origin,
    async fetch(url, init) {
      const path = new URL(url).pathname
      asked.push({ path, ...init })
      return answer(path)
    },
  })
}

const askedPaths = () => asked.map(({ path }) => path)
const text = async (response: Promise<Response | undefined>) => (await response)?.text()

test('every file is fetched with its digest, without the cookie, and never by a redirect', async () => {
  const shell = shellCaches('một', ['/', '/assets/a-1.js'])
  await shell.install()
  expect(asked.map(({ integrity, credentials, redirect }) => [integrity, credentials, redirect])).toEqual([
    ['sha256-/', 'omit', 'error'],
    ['sha256-/assets/a-1.js', 'omit', 'error'],
  ])
  expect(caches.contents).toEqual({ 'tam-shell-một': ['/', '/assets/a-1.js'] })
  expect(await text(shell.page())).toBe('nội dung /')
})

test('an answer that is no file ends the installation; the next attempt fetches what is missing', async () => {
  const shell = shellCaches('một', ['/', '/assets/a-1.js'])
  answer = (path) => new Response('', { status: path === '/' ? 200 : 503 })
  const failure = await shell.install().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(TypeError)
  expect(caches.contents).toEqual({ 'tam-shell-một': ['/'] })
  answer = () => new Response('')
  await shell.install()
  expect(askedPaths()).toEqual(['/', '/assets/a-1.js', '/assets/a-1.js'])
})

test('[PWA-03] a new build fetches only what changed, and old tabs find the files of theirs', async () => {
  const old = shellCaches('một', ['/', '/assets/a-1.js', '/assets/b-1.js'])
  await old.install()
  asked = []
  const next = shellCaches('hai', ['/', '/assets/a-2.js', '/assets/b-1.js'])
  await next.install()
  await next.takeOver()
  expect(askedPaths()).toEqual(['/', '/assets/a-2.js'])
  expect(await text(next.file('/assets/a-1.js'))).toBe('nội dung /assets/a-1.js')
  expect(await next.file('/assets/never.js')).toBeUndefined()
  // The page has one name in every build: only the newest is right.
  expect(await text(next.page())).toBe('nội dung /')
})

test('[PWA-03] a replaced build stays for a week', async () => {
  await shellCaches('một', ['/']).install()
  const next = shellCaches('hai', ['/'])
  await next.install()
  await next.takeOver()
  clock.advance(KEEP_REPLACED_MS)
  await next.takeOver()
  expect(await caches.keys()).toContain('tam-shell-một')
  clock.advance(1)
  await next.takeOver()
  expect(await caches.keys()).toEqual(['tam-shell-hai'])
})

test('a build that comes back is not a replaced one', async () => {
  const [first, second] = [shellCaches('một', ['/']), shellCaches('hai', ['/'])]
  for (const shell of [first, second, first]) {
    await shell.install()
    await shell.takeOver()
  }
  expect(caches.contents['tam-shell-một']).toEqual(['/'])
})

test('however often a server is updated, the number of builds is bounded, and other caches are not ours', async () => {
  await caches.open('của-ai-khác')
  for (let count = 0; count < REPLACED_MAX + 4; count++) {
    const shell = shellCaches(`bản-${count}`, ['/'])
    await shell.install()
    await shell.takeOver()
    clock.advance(1)
  }
  const names = await caches.keys()
  expect(names.length).toBe(1 + REPLACED_MAX + 1)
  expect(names).toContain('của-ai-khác')
  expect(names).not.toContain('tam-shell-bản-0')
})
