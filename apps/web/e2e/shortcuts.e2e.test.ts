import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'

/* The sheet of keys, and the key that reads everything. */

let browser: Browser
let server: RealServer
let truc: Person
let huong: Person

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
  truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc')
  huong = await Person.register(browser, server.url, 'Phạm Thu Hường', 'huong')
  await huong.openDirect('truc', truc.name)
}, 60_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

beforeEach(() => truc.page.goto(server.url))

describe('[A11-12] the sheet of keys', () => {
  test('opens by Ctrl+/ from anywhere, is searched without marks, and gives the focus back', async () => {
    const { page } = truc
    await page.getByRole('button', { name: 'Tìm hoặc chuyển đến…' }).focus()
    await page.keyboard.press('Control+/')
    const sheet = page.getByRole('dialog', { name: 'Phím tắt' })
    await sheet.getByRole('searchbox', { name: 'Tìm phím tắt' }).waitFor()
    await page.keyboard.type('xuong dong')
    await sheet.getByText('1 phím tắt').waitFor({ state: 'attached' })
    expect(await sheet.locator('dt').allInnerTexts()).toEqual(['Xuống dòng'])
    expect(await sheet.locator('dd').first().innerText()).toBe('Shift\nEnter')
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Tìm hoặc chuyển đến')
  })

  test('names the key of Apple’s machines there', async () => {
    await using mac = await Person.register(browser, server.url, 'Lê Minh Khôi', 'khoi')
    await mac.page.addInitScript(() => {
      Object.defineProperty(navigator, 'platform', { get: () => 'MacIntel' })
    })
    await mac.page.reload()
    await mac.page.getByRole('heading', { name: 'Bắt đầu tám thôi' }).waitFor()
    await mac.page.keyboard.press('Meta+/')
    const sheet = mac.page.getByRole('dialog', { name: 'Phím tắt' })
    expect(await sheet.locator('dd').first().innerText()).toBe('⌘\nK')
  })

  test('is found in the settings too', async () => {
    const { page } = truc
    await page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
    await page.getByRole('button', { name: 'Xem phím tắt' }).click()
    await page.getByRole('dialog', { name: 'Phím tắt' }).waitFor()
  })
})

describe('[UNR-07] Shift+Esc', () => {
  const unread = () => truc.page.getByRole('navigation').getByText(/tin chưa đọc/)
  const ask = async () => {
    await truc.page.keyboard.press('Shift+Escape')
    return truc.page.getByRole('dialog', { name: 'Đánh dấu tất cả là đã đọc?' })
  }

  test('asks, shows everything as read, and takes it back', async () => {
    await huong.write('Trúc ơi')
    await unread().first().waitFor({ state: 'attached' })
    const dialog = await ask()
    await dialog.getByText('1 cuộc trò chuyện đang có tin chưa đọc.').waitFor()
    // Enter does it: it can be taken back.
    expect(await truc.page.evaluate(() => document.activeElement?.textContent)).toBe('Đánh dấu đã đọc')
    await dialog.getByRole('button', { name: 'Hủy' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await unread().count()).toBeGreaterThan(0)
    await ask()
    await dialog.getByRole('button', { name: 'Đánh dấu đã đọc' }).click()
    await unread().first().waitFor({ state: 'detached' })
    expect(await truc.page.title()).not.toContain('(1)')
    await truc.page.getByRole('button', { name: 'Hoàn tác' }).click()
    await unread().first().waitFor({ state: 'attached' })
    await truc.page.reload()
    await unread().first().waitFor({ state: 'attached' })
  })

  test('is for the page also from a button of a message', async () => {
    await truc.page.getByRole('navigation').getByText('Phạm Thu Hường').click()
    await unread().first().waitFor({ state: 'detached' })
    await truc.page.locator('.message-side button').last().focus()
    await truc.page.keyboard.press('Shift+Escape')
    await truc.page.getByText('Không có tin nhắn nào chưa đọc').first().waitFor({ state: 'attached' })
  })

  test('lasts when the page goes before the time to take it back is over', async () => {
    await huong.write('Trúc còn đó không')
    await unread().first().waitFor({ state: 'attached' })
    const dialog = await ask()
    await dialog.getByRole('button', { name: 'Đánh dấu đã đọc' }).click()
    await unread().first().waitFor({ state: 'detached' })
    await truc.page.reload()
    await truc.page.getByRole('navigation').getByText('Phạm Thu Hường').waitFor()
    // Another browser knows only what the server was told.
    await using elsewhere = await truc.elsewhere(server.url)
    await elsewhere.page.getByRole('navigation').getByText('Phạm Thu Hường').waitFor()
    expect(
      await elsewhere.page
        .getByRole('navigation')
        .getByText(/tin chưa đọc/)
        .count(),
    ).toBe(0)
  })

  test('lasts on the server when the time to take it back is over', async () => {
    const told = Promise.withResolvers<void>()
    truc.page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => String(payload).includes('"t":"read"') && told.resolve())
    })
    await truc.page.clock.install()
    await truc.page.reload()
    await huong.write('Trúc đâu rồi')
    await unread().first().waitFor({ state: 'attached' })
    const dialog = await ask()
    await dialog.getByRole('button', { name: 'Đánh dấu đã đọc' }).click()
    await unread().first().waitFor({ state: 'detached' })
    await truc.page.clock.runFor(10_500)
    await told.promise
    await truc.page.reload()
    await truc.page.getByRole('navigation').getByText('Phạm Thu Hường').waitFor()
    expect(await unread().count()).toBe(0)
    await truc.page.keyboard.press('Shift+Escape')
    await truc.page.getByText('Không có tin nhắn nào chưa đọc').first().waitFor({ state: 'attached' })
  })
})
