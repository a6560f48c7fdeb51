import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'
import { swipe } from './touch.ts'

/* What can be moved, stacked and swiped: the list's edge, the side panel, a phone's pages. */

let browser: Browser
let server: RealServer
let truc: Person

const PHONE = { width: 390, height: 844 }

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
  truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc', { hasTouch: true })
  const { page } = truc
  await using huong = await Person.register(browser, server.url, 'Phạm Thu Hường', 'huong')
  await truc.openDirect(huong.username, huong.name)
  await truc.write('Chào chị')
  await page.getByRole('button', { name: 'Cuộc trò chuyện mới' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Nhóm', { exact: true }).click()
  await dialog.getByLabel('Tên nhóm').fill('Về Huế dịp Tết')
  await dialog.getByLabel('Thành viên').fill(huong.username)
  await dialog.getByRole('checkbox', { name: new RegExp(huong.name) }).check()
  await dialog.getByRole('button', { name: 'Tạo nhóm' }).click()
  await page.getByRole('heading', { level: 1, name: 'Về Huế dịp Tết' }).waitFor()
}, 90_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

beforeEach(async () => {
  // Before the size: a panel that no longer covers takes its step back from the history, which would end the loading.
  await truc.page.goto(server.url)
  await truc.page.setViewportSize({ width: 1280, height: 800 })
  await truc.open('Về Huế dịp Tết')
})

const listWidth = (page: Page) =>
  page.evaluate(() => document.querySelector('.pane-list')?.getBoundingClientRect().width)
const edge = (page: Page) => page.getByRole('separator', { name: 'Độ rộng của danh sách' })
const panel = (page: Page) => page.getByRole('complementary')
const openInfo = (page: Page) => page.getByRole('button', { name: 'Thành viên và thông tin' }).click()
const member = (page: Page, name: string) =>
  panel(page).getByRole('button', { name: new RegExp(`${name} @`) })
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')

describe('[NAV-02] the edge of the list', () => {
  async function drag(page: Page, by: number): Promise<void> {
    const box = (await edge(page).boundingBox())!
    const [x, y] = [box.x + box.width / 2, box.y + 300]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + by / 2, y, { steps: 3 })
    await page.mouse.move(x + by, y)
    await page.mouse.up()
  }

  test('is dragged within 240 to 400 px, survives a reload, and a double click puts it back', async () => {
    const { page } = truc
    await drag(page, 40)
    expect(await listWidth(page)).toBe(328)
    await drag(page, 500)
    expect(await listWidth(page)).toBe(400)
    await drag(page, -900)
    expect(await listWidth(page)).toBe(240)
    await page.reload()
    await truc.composer.waitFor()
    expect(await listWidth(page)).toBe(240)
    await edge(page).dblclick()
    expect(await listWidth(page)).toBe(288)
  })

  test('is moved by arrows, Home and End, and says where it is', async () => {
    const { page } = truc
    await edge(page).focus()
    await page.keyboard.press('ArrowRight')
    expect(await listWidth(page)).toBe(304)
    await page.keyboard.press('End')
    expect(await edge(page).getAttribute('aria-valuenow')).toBe('400')
    await page.keyboard.press('Enter')
    expect(await listWidth(page)).toBe(288)
  })

  test('leaves the conversation the larger part of a narrow window', async () => {
    const { page } = truc
    await edge(page).focus()
    await page.keyboard.press('End')
    await page.setViewportSize({ width: 640, height: 800 })
    expect(await listWidth(page)).toBe(288)
    await page.keyboard.press('Enter')
  })
})

describe('[NAV-08] the side panel', () => {
  test('a person opens over the members; Esc and Back return to them as they were, with the focus', async () => {
    const { page } = truc
    await truc.composer.fill('đang viết dở')
    await openInfo(page)
    await member(page, 'Phạm Thu Hường').click()
    await panel(page).getByRole('heading', { level: 3, name: 'Phạm Thu Hường' }).waitFor()
    expect(await member(page, 'Phạm Thu Hường').evaluate((row) => row.closest('[inert]') !== null)).toBe(true)
    await page.keyboard.press('Escape')
    await member(page, 'Phạm Thu Hường').waitFor()
    expect(await focused(page)).toContain('Phạm Thu Hường')
    await page.keyboard.press('Enter')
    await panel(page).getByRole('button', { name: 'Quay lại' }).press('Enter')
    await member(page, 'Phạm Thu Hường').waitFor()
    expect(await focused(page)).toContain('Phạm Thu Hường')
    expect(await truc.composer.inputValue()).toBe('đang viết dở')
    await truc.composer.fill('')
  })

  test('[CMP-06] Esc in the composer closes the panel and never takes text', async () => {
    const { page } = truc
    await openInfo(page)
    await truc.composer.fill('chưa xong')
    await page.keyboard.press('Escape')
    await panel(page).waitFor({ state: 'detached' })
    expect(await truc.composer.inputValue()).toBe('chưa xong')
    await truc.composer.fill('')
  })

  test('closing gives the focus back to the button that opened it', async () => {
    const { page } = truc
    await openInfo(page)
    await panel(page).getByRole('button', { name: 'Đóng' }).press('Enter')
    await panel(page).waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Thành viên và thông tin',
    )
  })

  test('[CMP-06] Esc ends the editing of the title, the next one closes the panel', async () => {
    const { page } = truc
    await openInfo(page)
    await panel(page).getByRole('button', { name: 'Sửa tên và chủ đề' }).click()
    await panel(page).getByLabel('Tên').fill('Về Huế hè này')
    await page.keyboard.press('Escape')
    await panel(page).getByRole('heading', { level: 3, name: 'Về Huế dịp Tết' }).waitFor()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Sửa tên và chủ đề',
    )
    await page.keyboard.press('Escape')
    await panel(page).waitFor({ state: 'detached' })
  })

  test('a button that comes under a resting mouse tells its label only once the mouse moves', async () => {
    const { page } = truc
    await page.setViewportSize({ width: 1024, height: 768 })
    const tip = page.locator('[popover=manual]:popover-open:not(.toasts)')
    await openInfo(page)
    const close = (await panel(page).getByRole('button', { name: 'Đóng' }).boundingBox())!
    await page.waitForTimeout(600)
    expect(await tip.count()).toBe(0)
    await page.mouse.move(close.x - 60, close.y + 4)
    await page.mouse.move(close.x + 4, close.y + 4)
    await tip.getByText('Đóng', { exact: true }).waitFor()
    await page.mouse.move(300, 300)
  })

  test('writing to a person from their profile closes the panels', async () => {
    const { page } = truc
    await openInfo(page)
    await member(page, 'Phạm Thu Hường').click()
    await panel(page).getByRole('button', { name: 'Nhắn tin' }).click()
    await page.getByRole('heading', { level: 1, name: 'Phạm Thu Hường' }).waitFor()
    await panel(page).waitFor({ state: 'detached' })
  })

  test('covers a narrow window with a scrim that closes it', async () => {
    const { page } = truc
    await page.setViewportSize({ width: 1024, height: 768 })
    await openInfo(page)
    await page.locator('.panel-scrim').click({ position: { x: 20, y: 300 } })
    await panel(page).waitFor({ state: 'detached' })
  })
})

describe('[MOB-01] on a phone', () => {
  beforeEach(async () => {
    await truc.page.setViewportSize(PHONE)
  })

  test('Back closes the profile, then the panel, then leaves the conversation; Forward stays where one is', async () => {
    const { page } = truc
    const address = page.url()
    await openInfo(page)
    await member(page, 'Phạm Thu Hường').click()
    await panel(page).getByRole('heading', { level: 3, name: 'Phạm Thu Hường' }).waitFor()
    await page.goBack()
    await member(page, 'Phạm Thu Hường').waitFor()
    await page.goBack()
    await panel(page).waitFor({ state: 'detached' })
    expect(page.url()).toBe(address)
    await page.goForward()
    await truc.composer.waitFor()
    await page.goBack()
    await edge(page).waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Tìm hoặc chuyển đến' }).waitFor()
  })

  test('Back closes a dialog; one that was closed leaves nothing behind in the history', async () => {
    const { page } = truc
    await page.getByRole('button', { name: 'Về danh sách' }).click()
    const before = await page.evaluate(() => history.state as unknown)
    for (const close of [() => page.goBack(), () => page.keyboard.press('Escape')]) {
      await page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
      await page.getByRole('dialog').waitFor()
      await page.waitForFunction(() => (history.state as { covers?: number }).covers === 1)
      await close()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.waitForFunction(
        (state) => JSON.stringify(history.state) === JSON.stringify(state),
        before as object,
      )
    }
  })

  test('what the panel covers is out of reach', async () => {
    const { page } = truc
    await openInfo(page)
    expect(await page.evaluate(() => document.activeElement?.closest('aside') !== null)).toBe(true)
    expect(await truc.composer.evaluate((field) => field.closest('[inert]') !== null)).toBe(true)
  })

  test('the page follows a finger from the left edge and goes when let go far enough', async () => {
    const { page } = truc
    const finger = await swipe(page, { x: 6, y: 400 })
    await finger.move({ x: 120, y: 404 })
    const at = await page.evaluate(() => document.querySelector('.pane-main')!.getBoundingClientRect().left)
    expect(at).toBe(114)
    expect(await page.locator('.pane-list').isVisible()).toBe(true)
    await finger.move({ x: 250, y: 404 })
    await finger.lift()
    await page.waitForURL(`${server.url}/`)
    await page.waitForFunction(() => document.querySelector('[data-swiping]') === null)
    await truc.open('Về Huế dịp Tết')
    await page.waitForFunction(() => document.querySelector('.pane-main')?.getBoundingClientRect().left === 0)
  })

  test('it comes back when let go near the edge, and a scroll from the edge is no swipe', async () => {
    const { page } = truc
    const address = page.url()
    const near = await swipe(page, { x: 6, y: 400 })
    await near.move({ x: 60, y: 402 })
    await near.rest()
    await near.lift()
    await page.waitForFunction(() => document.querySelector('[data-swiping]') === null)
    const scroll = await swipe(page, { x: 6, y: 400 })
    await scroll.move({ x: 10, y: 480 })
    await scroll.move({ x: 300, y: 480 })
    await scroll.lift()
    expect(page.url()).toBe(address)
    expect(await truc.composer.isVisible()).toBe(true)
  })

  test('a swipe takes the panel away before the conversation', async () => {
    const { page } = truc
    const address = page.url()
    await openInfo(page)
    await member(page, 'Phạm Thu Hường').waitFor()
    const finger = await swipe(page, { x: 6, y: 400 })
    await finger.move({ x: 120, y: 404 })
    await finger.move({ x: 300, y: 404 })
    await finger.lift()
    await panel(page).waitFor({ state: 'detached' })
    expect(page.url()).toBe(address)
  })

  test('[MOB-04] fields are 16 px and zooming is allowed', async () => {
    const { page } = truc
    const size = (selector: string) =>
      page.locator(selector).evaluate((field) => parseFloat(getComputedStyle(field).fontSize))
    expect(await size('textarea')).toBeGreaterThanOrEqual(16)
    await page.getByRole('button', { name: 'Về danh sách' }).click()
    await page.getByRole('button', { name: 'Tìm hoặc chuyển đến' }).click()
    expect(await size('dialog input')).toBeGreaterThanOrEqual(16)
    const viewport = await page.locator('meta[name=viewport]').getAttribute('content')
    expect(viewport).not.toMatch(/maximum-scale|user-scalable/)
    await page.goBack()
  })
})
