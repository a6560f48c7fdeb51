import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'

/* The frame round the conversation: list, keyboard, addresses, widths, connection. One community for all tests. */

let browser: Browser
let server: RealServer
let truc: Person
let huong: Person
let duong: Person

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
  truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc')
  huong = await Person.register(browser, server.url, 'Phạm Thu Hường', 'huong')
  duong = await Person.register(browser, server.url, 'Dương Quỳnh Lam', 'lam')
  await truc.openDirect('huong', 'Phạm Thu Hường')
  await truc.write('Chào chị Hường')
  await truc.allStored()
  await huong.open('Đặng Thanh Trúc')
  await duong.openDirect('truc', 'Đặng Thanh Trúc')
  await duong.write('Trúc ơi, lịch tuần này đâu?')
  await duong.allStored()
}, 90_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

const row = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Các cuộc trò chuyện' }).getByRole('link', { name: new RegExp(name) })
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
const landmark = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-landmark]')?.dataset['landmark'])

beforeEach(async () => {
  await truc.page.setViewportSize({ width: 1280, height: 800 })
  await truc.page.goto(server.url)
  await row(truc.page, 'Phạm Thu Hường').waitFor()
})

describe('unread', () => {
  test('[UNR-01 UNR-09] a message elsewhere makes a bold row with a badge, a title with a count and a marked icon', async () => {
    const { page } = truc
    await row(page, 'Phạm Thu Hường').click()
    await heading(page, 'Phạm Thu Hường')
    await duong.write('Alo?')
    await row(page, 'Dương Quỳnh Lam.*tin chưa đọc').waitFor()
    await page.waitForFunction(() => /^\(\d+\) Phạm Thu Hường · Tám$/.test(document.title))
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toStartWith('blob:')
    await row(page, 'Dương Quỳnh Lam').click()
    await page.waitForFunction(() => document.title === 'Dương Quỳnh Lam · Tám')
    expect(await page.locator('link[rel=icon]').getAttribute('href')).toBe('/favicon.svg')
  })

  test('[NAV-06] rows keep their order under a moving mouse, and take the new one when it leaves', async () => {
    const { page } = truc
    const order = () => page.locator('[data-peer]').allInnerTexts()
    const first = async () => (await order())[0]?.includes('Dương Quỳnh Lam')
    await duong.write('Mình lên đầu danh sách')
    await page.waitForFunction(() => document.querySelector('[data-peer]')?.textContent.includes('Dương'))
    await row(page, 'Phạm Thu Hường').hover()
    const held = await order()
    const stopMoving = await keepMoving(page)
    await huong.write('Đến lượt chị')
    await row(page, 'Phạm Thu Hường').getByText('Đến lượt chị').waitFor()
    expect(await first()).toBe(true)
    expect((await order()).length).toBe(held.length)
    await stopMoving()
    await page.waitForFunction(() => document.querySelector('[data-peer]')?.textContent.includes('Hường'))
  })
})

/** Moves the mouse a little now and then; the result stops it and takes the mouse away. */
async function keepMoving(page: Page): Promise<() => Promise<void>> {
  const move = (x: number) => page.mouse.move(150 + x, 400)
  await move(0)
  let turn = 0
  const timer = setInterval(() => void move(turn++ % 2), 200)
  return async () => {
    clearInterval(timer)
    await page.mouse.move(900, 400)
  }
}

describe('addresses', () => {
  test('[NAV-03] every conversation has a stable address; Back and Forward go between them', async () => {
    const { page } = truc
    await row(page, 'Phạm Thu Hường').click()
    await heading(page, 'Phạm Thu Hường')
    const address = page.url()
    await row(page, 'Dương Quỳnh Lam').click()
    await heading(page, 'Dương Quỳnh Lam')
    await page.goBack()
    await heading(page, 'Phạm Thu Hường')
    expect(page.url()).toBe(address)
    await page.goForward()
    await heading(page, 'Dương Quỳnh Lam')
    await page.goto(address)
    await heading(page, 'Phạm Thu Hường')
  })
})

describe('keyboard', () => {
  test('[QS-01 QS-02 CMP-03] Ctrl+K, a name without marks, Enter, and the text typed at once lands there', async () => {
    const { page } = truc
    await row(page, 'Phạm Thu Hường').click()
    await truc.composer.waitFor()
    await truc.composer.fill('nháp cho Hường')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('duong quynh')
    await page.getByRole('option', { name: /Dương Quỳnh Lam/ }).waitFor()
    await page.keyboard.press('Enter')
    await heading(page, 'Dương Quỳnh Lam')
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.keyboard.type('Lịch ở trên bảng nhé')
    await page.keyboard.press('Enter')
    await truc.allStored()
    expect((await truc.messages()).at(-1)).toBe('Lịch ở trên bảng nhé')
    await row(page, 'Phạm Thu Hường').getByText('Nháp:').waitFor()
    await row(page, 'Phạm Thu Hường').click()
    await heading(page, 'Phạm Thu Hường')
    expect(await truc.composer.inputValue()).toBe('nháp cho Hường')
    await truc.composer.fill('')
  })

  test('[QS-01 A11-08] Esc closes the switcher and gives the focus back with its caret', async () => {
    const { page } = truc
    await row(page, 'Phạm Thu Hường').click()
    await truc.composer.fill('một hai ba')
    await truc.composer.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(4, 4))
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(
      await truc.composer.evaluate((field: HTMLTextAreaElement) => [
        field === document.activeElement,
        field.selectionStart,
      ]),
    ).toEqual([true, 4])
    await truc.composer.fill('')
  })

  test('[NAV-07] Alt+↓ and Alt+↑ go through the list', async () => {
    const { page } = truc
    await row(page, 'Phạm Thu Hường').click()
    await heading(page, 'Phạm Thu Hường')
    const before = page.url()
    await page.keyboard.press('Alt+ArrowDown')
    await page.waitForFunction((url) => location.href !== url, before)
    await page.keyboard.press('Alt+ArrowUp')
    await page.waitForURL(before)
  })

  test('[A11-02] F6 goes round rail, list, timeline and composer; the skip link goes to the composer', async () => {
    const { page } = truc
    await row(page, 'Phạm Thu Hường').click()
    await truc.composer.waitFor()
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    const visited: (string | undefined)[] = []
    for (let press = 0; press < 5; press++) {
      await page.keyboard.press('F6')
      visited.push(await landmark(page))
    }
    expect(visited).toEqual(['rail', 'list', 'timeline', 'composer', 'rail'])
    await page.keyboard.press('Shift+F6')
    expect(await landmark(page)).toBe('composer')
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.getByRole('button', { name: 'Đến ô soạn tin' }).focus()
    await page.keyboard.press('Enter')
    expect(await landmark(page)).toBe('composer')
  })

  test('[A11-08] the focus returns to what opened a dialog; it never leaves the dialog', async () => {
    const { page } = truc
    const opener = page.getByRole('button', { name: 'Cuộc trò chuyện mới' }).first()
    await opener.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    for (let press = 0; press < 8; press++) {
      await page.keyboard.press('Tab')
      const inside = await page.evaluate(
        () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
      )
      expect(inside).toBe(true)
    }
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true)
  })

  test('rows are one tab stop; arrows move between them', async () => {
    const { page } = truc
    const stops = await page.locator('[data-row][tabindex="0"]').count()
    expect(stops).toBe(1)
    await page.locator('[data-row][tabindex="0"]').focus()
    const first = await page.evaluate(() => document.activeElement?.getAttribute('data-row'))
    await page.keyboard.press('ArrowDown')
    const second = await page.evaluate(() => document.activeElement?.getAttribute('data-row'))
    expect(second).not.toBe(first)
    await page.keyboard.press('Home')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-row'))).toBe(first)
  })
})

describe('widths', () => {
  test('[NAV-01] at 1440 rail 64, list 288 and the timeline share the window without a horizontal scrollbar', async () => {
    const { page } = truc
    await page.setViewportSize({ width: 1440, height: 900 })
    await row(page, 'Phạm Thu Hường').click()
    await truc.composer.waitFor()
    const widths = await page.evaluate(() => ({
      rail: document.querySelector('[data-landmark=rail]')?.getBoundingClientRect().width,
      list: document.querySelector('[data-landmark=list]')?.parentElement?.getBoundingClientRect().width,
      scroll: document.documentElement.scrollWidth,
    }))
    expect(widths).toEqual({ rail: 64, list: 288, scroll: 1440 })
    await page.getByRole('button', { name: 'Thông tin cuộc trò chuyện' }).click()
    await page.setViewportSize({ width: 1280, height: 800 })
    const [timeline, panel] = await Promise.all([
      page.locator('main').boundingBox(),
      page.locator('aside').boundingBox(),
    ])
    expect(panel!.x).toBeGreaterThanOrEqual(timeline!.x + timeline!.width - 1)
  })

  test.each([320, 390, 639, 640, 768, 1023])('[A11-10] nothing scrolls sideways at %d px', async (width) => {
    const { page } = truc
    await page.setViewportSize({ width, height: 844 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    await row(page, 'Phạm Thu Hường').click()
    await truc.composer.waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  })

  test('[MOB-01] a phone shows one pane; the back button is history', async () => {
    const { page } = truc
    await page.setViewportSize({ width: 390, height: 844 })
    await row(page, 'Phạm Thu Hường').click()
    await truc.composer.waitFor()
    expect(await row(page, 'Phạm Thu Hường').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Về danh sách' }).click()
    await row(page, 'Phạm Thu Hường').waitFor()
    expect(await truc.composer.isVisible()).toBe(false)
    await page.goForward()
    await truc.composer.waitFor()
  })
})

test('[OFF-01] a lost connection shows after 4 s, counts down, and says when it is back', async () => {
  const { page, context } = huong
  await context.setOffline(true)
  // Nothing is to happen: only time can show that.
  await page.waitForTimeout(2_000)
  expect(await page.getByText('Mất kết nối').isVisible()).toBe(false)
  await page.getByRole('button', { name: 'Thử ngay' }).waitFor({ timeout: 10_000 })
  await context.setOffline(false)
  await page.getByText('Đã kết nối lại').last().waitFor({ timeout: 15_000 })
  await page.getByText('Đã kết nối lại').last().waitFor({ state: 'hidden', timeout: 5_000 })
}, 40_000)
