import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'

/* [A11-01] axe-core finds nothing, in both themes, both languages, wide and narrow. */

/** A PNG. */
const ONE_PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
const axe = await Bun.file(Bun.resolveSync('axe-core/axe.min.js', import.meta.dirname)).text()

let browser: Browser
let server: RealServer

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
}, 60_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

interface Axe {
  run(root: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
}

/** What axe finds wrong, as `rule: element`. Transitions are over: a colour half-way has no contrast. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
  )
  await page.evaluate(axe)
  return page.evaluate(async (rules) => {
    const { violations: found } = await (window as unknown as { axe: Axe }).axe.run(document, {
      runOnly: rules,
    })
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
  }, RULES)
}

describe.each([
  ['light', 'vi-VN', 1280],
  ['dark', 'vi-VN', 390],
  ['dark', 'en-US', 1280],
] as const)('%s, %s, %d px', (colorScheme, locale, width) => {
  test('sign-in and registration, empty and with errors', async () => {
    // Evaluating axe's source needs a page without the content security policy.
    const context = await browser.newContext({
      colorScheme,
      locale,
      viewport: { width, height: 844 },
      bypassCSP: true,
    })
    const page = await context.newPage()
    for (const path of ['/login', '/register']) {
      await page.goto(server.url + path)
      await page.locator('button[type=submit]').waitFor()
      expect(await violations(page)).toEqual([])
      await page.locator('button[type=submit]').click()
      await page.locator('[aria-invalid=true]').first().waitFor()
      expect(await violations(page)).toEqual([])
    }
    await context.close()
  }, 40_000)
})

describe('signed in', () => {
  test('home, conversation, details, switcher, dialogs', async () => {
    await using truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc', {
      bypassCSP: true,
    })
    await using huong = await Person.register(browser, server.url, 'Phạm Thu Hường', 'huong')
    const { page } = truc
    expect(await violations(page)).toEqual([])
    await truc.openDirect('huong', 'Phạm Thu Hường')
    await truc.write('Chào chị, xem giúp em https://tam.example/huong-dan')
    await huong.open('Đặng Thanh Trúc')
    await huong.write('Chị xem rồi')
    await truc.sees(['Chào chị, xem giúp em https://tam.example/huong-dan', 'Chị xem rồi'])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await violations(page)).toEqual([])
      await page.getByRole('button', { name: 'Thông tin cuộc trò chuyện' }).click()
      await page.getByRole('complementary').waitFor()
      expect(await violations(page)).toEqual([])
      await page.getByRole('complementary').getByRole('button', { name: 'Đóng' }).click()
      await page.keyboard.press('Control+k')
      await page.getByRole('option').first().waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Control+/')
      await page.getByRole('searchbox').waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      for (const opener of ['Cuộc trò chuyện mới', 'Khám phá kênh', 'Tài khoản và cài đặt']) {
        await page.getByRole('button', { name: opener }).first().click()
        await page.getByRole('dialog').waitFor()
        expect(await violations(page)).toEqual([])
        await page.keyboard.press('Escape')
        await page.getByRole('dialog').waitFor({ state: 'detached' })
      }
      await page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
      const buffer = Buffer.from(ONE_PIXEL, 'base64')
      await page.locator('input[type=file]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer })
      await page.getByRole('button', { name: 'Dùng ảnh này' }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
    }
  }, 60_000)
})
