import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'
import { cached, installed, kept } from './service-worker.ts'

/* Opening the application while no server answers. */

const REASON = 'Cần kết nối với máy chủ'
const SAID = ['Chào chị, tối nay chị có rảnh không ạ?', 'Có em ơi, 8 giờ nhé']

let browser: Browser
let server: RealServer
let truc: Person
let huong: Person
let people = 0

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
}, 60_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

beforeEach(async () => {
  truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', `truc.${++people}`)
  huong = await Person.register(browser, server.url, 'Phạm Thu Hường', `huong.${people}`)
  await truc.openDirect(huong.username, huong.name)
  await truc.write(SAID[0]!)
  await huong.open(truc.name)
  await huong.write(SAID[1]!)
  await Promise.all([truc, huong].map((person) => person.sees(SAID)))
  await installed(truc.page)
  await kept(truc.page, SAID[1]!)
}, 60_000)

afterEach(async () => {
  await Promise.all([truc[Symbol.asyncDispose](), huong[Symbol.asyncDispose]()])
})

const newConversation = (page: Page) => page.getByRole('button', { name: 'Cuộc trò chuyện mới' }).first()

test('[OFF-03 SND-06] without a server the last conversations are there; what is written goes out once', async () => {
  await truc.write('Tin này đã gửi trước khi mất máy chủ')
  await huong.sees([...SAID, 'Tin này đã gửi trước khi mất máy chủ'])
  await kept(truc.page, 'Tin này đã gửi')
  const said = [
    ...SAID,
    'Tin này đã gửi trước khi mất máy chủ',
    'Tin này viết khi máy chủ tắt',
    'và tin này nữa',
  ]
  await server.kill()
  const answer = await truc.page.reload()
  expect(answer?.fromServiceWorker()).toBe(true)
  expect(answer?.headers()['content-security-policy']).toContain("script-src 'self'")
  await truc.sees(said.slice(0, 3))
  await truc.write(said[3]!)
  // A second reload finds the unsent message where it waited.
  await truc.page.reload()
  await truc.sees(said.slice(0, 4))
  await truc.write(said[4]!)
  await server.restart()
  await truc.allStored()
  await huong.sees(said)
  await truc.sees(said)
  expect(truc.errors).toEqual([])
}, 90_000)

test('[OFF-03] what only the server can do waits and says why; with the server it works again', async () => {
  await server.kill()
  await truc.page.reload()
  await truc.sees(SAID)
  const button = newConversation(truc.page)
  await truc.page.locator('[data-withheld]').first().waitFor()
  expect(await button.getAttribute('aria-description')).toBe(REASON)
  await button.click({ force: true })
  await truc.page.locator('.toast').getByText(REASON).waitFor()
  expect(await truc.page.getByRole('dialog').count()).toBe(0)
  await truc.page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
  const settings = truc.page.getByRole('dialog')
  await settings.getByText('English', { exact: true }).click({ force: true })
  expect(await settings.getByRole('radio', { name: 'English' }).getAttribute('aria-description')).toBe(REASON)
  expect(await settings.getByRole('radio', { name: 'Tiếng Việt' }).isChecked()).toBe(true)
  expect(await truc.page.evaluate(() => document.documentElement.lang)).toBe('vi')
  await truc.page.keyboard.press('Escape')
  await settings.waitFor({ state: 'detached' })
  // Reading, writing and what is this device's own stay.
  expect(await truc.composer.isEditable()).toBe(true)
  await server.restart()
  await truc.page.waitForFunction(() => document.querySelector('[data-withheld]') === null, undefined, {
    timeout: 40_000,
  })
  await button.click()
  await truc.page.getByRole('dialog').waitFor()
}, 90_000)

test('[PWA-02 NAV-03] a link opened in a new tab without a server leads to its conversation', async () => {
  const link = truc.page.url()
  await server.kill()
  const page = await truc.context.newPage()
  await page.goto(link)
  await page.getByText(SAID[1]!).first().waitFor({ timeout: 5_000 })
  await server.restart()
}, 60_000)

test('[PWA-04] nothing of a person is in the caches, before signing out and after', async () => {
  const { page } = truc
  const personal = [truc.name, truc.username, huong.name, ...SAID]
  const check = async () => {
    const entries = await cached(page)
    expect(entries.map(([path]) => path)).toContain('/')
    expect(
      entries.map(([path]) => path).filter((path) => !/^\/(assets\/.+|favicon\.svg)?$/.test(path)),
    ).toEqual([])
    expect(
      entries.filter(([, body]) => personal.some((text) => body.includes(text))).map(([path]) => path),
    ).toEqual([])
  }
  await check()
  await page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
  await page.getByRole('button', { name: 'Đăng xuất', exact: true }).last().click()
  await page.getByRole('dialog').last().getByRole('button', { name: 'Đăng xuất' }).click()
  await page.getByRole('heading', { name: 'Chào bạn trở lại' }).waitFor()
  await check()
  // Without a server, too, the next one at this device sees the sign-in page and nothing else.
  await server.kill()
  await page.reload()
  await page.getByRole('heading', { name: 'Chào bạn trở lại' }).waitFor()
  expect(await page.evaluate(() => document.body.innerText)).not.toContain(huong.name)
  await server.restart()
}, 60_000)
