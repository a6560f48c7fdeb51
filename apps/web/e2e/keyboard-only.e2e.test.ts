import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'

/* [A11-11] Everything from registering to signing out without a mouse. */

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

/** More stops than any page has. */
const STOPS_MAX = 60

interface Stop {
  readonly name: string
  readonly ring: boolean
  readonly inView: boolean
}

/** What has the focus, by its name, and whether one can see that it has it. */
function focused(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const label = element.id === '' ? null : document.querySelector(`label[for="${CSS.escape(element.id)}"]`)
    const labelled = element.closest('label')
    const name =
      element.getAttribute('aria-label') ?? label?.textContent ?? labelled?.textContent ?? element.textContent
    // The ring of a radio button is on its segment, that of the text field on its box; the edge of the list lights up.
    if (element.matches('.list-edge')) {
      return { name: name.trim(), ring: getComputedStyle(element, '::after').width === '2px', inView: true }
    }
    const carriers = [element, labelled, element.closest('.composer-box')].filter((one) => one !== null)
    const ring = carriers.some((carrier) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(carrier)
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none'
    })
    const box = (labelled ?? element).getBoundingClientRect()
    const inView = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
    return { name: name.trim(), ring, inView }
  })
}

/** Presses Tab until the focus is on what is called `name`; every stop on the way shows its ring. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  const seen: string[] = []
  for (let stop = 0; stop < STOPS_MAX; stop++) {
    const now = await focused(page)
    if (now.name !== '' && seen.length > 0) {
      expect({ ...now, ring: true, inView: true }).toEqual(now)
    }
    if (name.test(now.name)) {
      return
    }
    seen.push(now.name)
    await page.keyboard.press(key)
  }
  throw new Error(`${key} never came to ${name}: ${seen.join(' · ')}`)
}

test('register, find a person, write, make a group, read back, change the language, sign out', async () => {
  await using huong = await Person.register(browser, server.url, 'Phạm Thu Hường', 'huong')
  const context = await browser.newContext({ locale: 'vi-VN', viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const keys = page.keyboard
  const heading = (name: string, level = 1) => page.getByRole('heading', { level, name }).waitFor()

  // Register.
  await page.goto(`${server.url}/login`)
  await page.locator('input[name=login]').waitFor()
  await tabTo(page, /^Tạo tài khoản$/)
  await keys.press('Enter')
  await page.getByLabel('Họ và tên').waitFor()
  await tabTo(page, /^Họ và tên$/)
  await keys.type('Đặng Thanh Trúc')
  await tabTo(page, /^Tên đăng nhập$/)
  await keys.press('Control+a')
  await keys.type('truc')
  await tabTo(page, /^Mật khẩu$/)
  await keys.type('một câu dài dễ nhớ')
  await keys.press('Enter')
  await heading('Bắt đầu tám thôi')

  // Find a person and write.
  await tabTo(page, /^Tìm người để nhắn$/)
  await keys.press('Enter')
  await page.getByRole('dialog').waitFor()
  await tabTo(page, /^Tìm theo tên/)
  await keys.type('thu huong')
  await page.getByRole('dialog').getByText(huong.name).waitFor()
  await tabTo(page, /Phạm Thu Hường/)
  await keys.press('Enter')
  await heading(huong.name)
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await keys.type('Chào chị, em viết không cần chuột')
  await keys.press('Enter')
  await huong.open('Đặng Thanh Trúc')
  await huong.sees(['Chào chị, em viết không cần chuột'])

  // Answer the message from the timeline.
  await huong.write('Giỏi quá')
  await page.locator('.message-text', { hasText: 'Giỏi quá' }).waitFor()
  await keys.press('Shift+F6')
  await tabTo(page, /^Phạm Thu Hường: Giỏi quá/)
  await tabTo(page, /^Trả lời$/)
  await keys.press('Enter')
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await keys.type('Cảm ơn chị')
  await keys.press('Enter')
  await huong.page.locator('.message-text', { hasText: 'Cảm ơn chị' }).waitFor()

  // A group.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await keys.press('F6')
  await tabTo(page, /^Cuộc trò chuyện mới$/)
  await keys.press('Enter')
  await page.getByRole('dialog').waitFor()
  await tabTo(page, /^Một người$/, 'Shift+Tab')
  await keys.press('ArrowRight')
  await tabTo(page, /^Tên nhóm$/)
  await keys.type('Về Huế dịp Tết')
  await tabTo(page, /^Thành viên$/)
  await keys.type('huong')
  await page.getByRole('checkbox', { name: /Phạm Thu Hường/ }).waitFor()
  await tabTo(page, /Phạm Thu Hường@?.*huong/)
  await keys.press('Space')
  await tabTo(page, /^Tạo nhóm$/)
  await keys.press('Enter')
  await heading('Về Huế dịp Tết')

  // Its panel, and back to the other conversation.
  await tabTo(page, /^Thành viên và thông tin$/, 'Shift+Tab')
  await keys.press('Enter')
  await page.getByRole('complementary').getByText('@huong').waitFor()
  await keys.press('Escape')
  await page.getByRole('complementary').waitFor({ state: 'detached' })
  await keys.press('Alt+ArrowDown')
  await heading(huong.name)

  // Language, then out.
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await keys.press('F6')
  await tabTo(page, /^Tài khoản và cài đặt$/)
  await keys.press('Enter')
  await page.getByRole('dialog').waitFor()
  await tabTo(page, /^Tiếng Việt$/)
  await keys.press('ArrowRight')
  await page.waitForFunction(() => document.documentElement.lang === 'en')
  await tabTo(page, /^Sign out$/)
  await keys.press('Enter')
  await page.getByRole('heading', { name: 'Sign out of this device?' }).waitFor()
  // Enter at once would sign out of nothing.
  expect((await focused(page)).name).toBe('Cancel')
  await tabTo(page, /^Sign out$/)
  await keys.press('Enter')
  await heading('Welcome back')
  await context.close()
}, 90_000)
