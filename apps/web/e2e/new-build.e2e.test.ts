import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { ensureWebBuild } from '../../../tools/web-build.ts'
import { launchChromium } from './chromium.ts'
import { OneProcess } from './one-process.ts'
import { Person } from './person.ts'
import { buildOf, cached, installed } from './service-worker.ts'

/* What an update of the server means for tabs that are open. */

const WEB = join(import.meta.dir, '..')

let browser: Browser
let server: OneProcess
let newBuild: string

beforeAll(async () => {
  await ensureWebBuild()
  newBuild = await mkdtemp(join(tmpdir(), 'tam-new-build-'))
  await buildChanged(newBuild)
  server = await OneProcess.start()
  browser = await launchChromium()
}, 120_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
  await rm(newBuild, { recursive: true })
})

/** The client with one change, in a part that loads when it is needed. */
async function buildChanged(outDir: string): Promise<void> {
  const before = process.env['NODE_ENV']
  process.env['NODE_ENV'] = 'production'
  await build({
    root: WEB,
    logLevel: 'error',
    build: { outDir },
    plugins: [
      {
        name: 'change',
        transform: (code, id) =>
          id.endsWith('features/profile/profile.tsx') ? `${code}\nglobalThis.isNewBuild = true` : undefined,
      },
    ],
  })
  process.env['NODE_ENV'] = before ?? 'test'
}

test('[PWA-03] a tab goes on with its build, is told of the new one, and changes when asked to', async () => {
  await using truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc')
  await using huong = await Person.register(browser, server.url, 'Phạm Thu Hường', 'huong')
  const { page } = truc
  await truc.openDirect('huong', huong.name)
  for (let line = 1; line <= 40; line++) {
    await truc.write(`Dòng thứ ${line}`)
  }
  await truc.allStored()
  await page.mouse.move(700, 300)
  await page.mouse.wheel(0, -600)
  await page.getByText('Dòng thứ 12', { exact: true }).waitFor()
  await installed(page)
  await truc.composer.fill('Em đang viết dở câu n')
  const old = await buildOf(page)
  const files = (await cached(page)).map(([path]) => path).filter((path) => path.startsWith('/assets/'))
  await page.evaluate(() => Object.assign(window, { isSamePage: true }))

  await server.kill()
  server.webRoot = newBuild
  await server.restart()
  const toast = page.locator('.toast', { hasText: 'Có bản mới' })
  await toast.waitFor({ timeout: 40_000 })

  // Nothing reloaded, nothing took the focus.
  await page.keyboard.type('ày')
  expect(await truc.composer.inputValue()).toBe('Em đang viết dở câu này')
  expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true)

  // Every file of the old build is still to be had, though the server has some no more; not by the browser's own cache.
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated')
  const statuses = (paths: readonly string[]) =>
    Promise.all(paths.map(async (path) => (await fetch(path, { cache: 'no-store' })).status))
  const gone = (await statuses(files.map((path) => server.url + path))).filter((status) => status === 404)
  expect(gone.length).toBeGreaterThan(0)
  expect(new Set(await page.evaluate(statuses, files))).toEqual(new Set([200]))

  const line = page.locator('.message-row', { hasText: 'Dòng thứ 20' })
  const before = await line.boundingBox()
  await toast.getByRole('button', { name: 'Tải lại' }).click()
  await page.waitForFunction(() => !('isSamePage' in window) && document.querySelector('textarea') !== null)
  expect(await buildOf(page)).not.toBe(old)
  await line.waitFor()
  expect((await line.boundingBox())?.y).toBeCloseTo(before?.y ?? Number.NaN, 0)
  expect(await truc.composer.inputValue()).toBe('Em đang viết dở câu này')
  await page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
  await page.waitForFunction(() => 'isNewBuild' in window)
  expect(await page.locator('.toast').count()).toBe(0)
  expect(truc.errors).toEqual([])
}, 120_000)

test('a worker that a development server finds on its address goes, with what it stored', async () => {
  await using person = await Person.register(browser, server.url, 'Ngô Quang Đạt', 'dat')
  await installed(person.page)
  await server.kill()
  const development = Bun.serve({
    hostname: '127.0.0.1',
    port: Number(new URL(server.url).port),
    fetch: (request) =>
      new URL(request.url).pathname === '/sw.js'
        ? new Response(Bun.file(join(WEB, 'src/worker/retired.js')))
        : new Response('<!doctype html><h1>Bản phát triển</h1>', {
            headers: { 'content-type': 'text/html; charset=utf-8' },
          }),
  })
  let loads = 0
  const shownAnew = new Promise<void>((resolve) => {
    person.page.on('load', () => ++loads === 2 && resolve())
  })
  await person.page.goto(server.url)
  await shownAnew
  await person.page.getByRole('heading', { name: 'Bản phát triển' }).waitFor()
  expect(await person.page.evaluate(() => navigator.serviceWorker.controller)).toBeNull()
  expect(
    await person.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length),
  ).toBe(0)
  expect(await cached(person.page)).toEqual([])
  await development.stop(true)
  await server.restart()
}, 60_000)
