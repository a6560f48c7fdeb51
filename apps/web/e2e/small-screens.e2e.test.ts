import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'
import { swipe } from './touch.ts'

/* A phone: its notch and home bar, its fingers, its narrow lines. */

const LONG_NAME = 'Nguyễn Hoàng Phương Ẫẫ Ỵỵ Ợợ Công Tằng Tôn Nữ Bảo Khuê'

let browser: Browser
let server: RealServer
let truc: Person
let page: Page
let cdp: CDPSession

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
  truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  })
  page = truc.page
  cdp = await truc.context.newCDPSession(page)
  await using khue = await Person.register(browser, server.url, LONG_NAME, 'khue')
  await khue.openDirect('truc', truc.name)
  await khue.write('Chào Trúc, mai mình họp lúc mấy giờ?')
  await khue.allStored()
  await page.getByText('Chào Trúc').first().click()
  await page.locator('.message-text').waitFor()
}, 60_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

/** Resolves when nothing moves any more that comes to an end. */
const rest = () =>
  page.evaluate(async () => {
    const moving = document.getAnimations().filter(({ effect }) => {
      const end = effect?.getComputedTiming().endTime
      return typeof end === 'number' && Number.isFinite(end)
    })
    await Promise.allSettled(moving.map(({ finished }) => finished))
  })

describe('[MOB-05] safe areas', () => {
  /** Visible controls that reach into the insets once everything has come to rest, by their names. */
  const covered = async (insets: { top: number; right: number; bottom: number; left: number }) => {
    await rest()
    return page.evaluate(({ top, right, bottom, left }) => {
      const scope = document.querySelector('dialog[open]') ?? document
      const controls = [...scope.querySelectorAll<HTMLElement>('button, input, textarea, h1, h2')]
      return controls
        .filter((element) => element.checkVisibility() && element.closest('.sr-only') === null)
        .filter((element) => !element.matches('.fixed, [hidden]'))
        .filter((element) => {
          const box = element.getBoundingClientRect()
          const isShown = box.width > 1 && box.bottom > 0 && box.top < innerHeight
          return (
            isShown &&
            (box.top < top ||
              box.left < left ||
              box.right > innerWidth - right ||
              (box.bottom > innerHeight - bottom && box.top < innerHeight - bottom && !isScrolled(element)))
          )
          function isScrolled(inside: HTMLElement): boolean {
            return inside.closest('.overflow-y-auto, .timeline-view') !== null
          }
        })
        .map((element) => element.getAttribute('aria-label') ?? element.innerText)
    }, insets)
  }

  test.each([
    ['upright', 390, 844, { top: 47, right: 0, bottom: 34, left: 0 }],
    ['turned', 844, 390, { top: 0, right: 47, bottom: 21, left: 47 }],
    ['half a screen', 390, 420, { top: 0, right: 0, bottom: 34, left: 0 }],
  ] as const)('%s: nothing lies under the notch or the home bar', async (_, width, height, insets) => {
    await page.setViewportSize({ width, height })
    await cdp.send('Emulation.setSafeAreaInsetsOverride', { insets })
    expect(await covered(insets)).toEqual([])
    await page.getByRole('button', { name: /Thông tin cuộc trò chuyện/ }).click()
    await page.getByRole('button', { name: 'Sao chép liên kết' }).waitFor()
    expect(await covered(insets)).toEqual([])
    await page.getByRole('complementary').getByRole('button', { name: 'Đóng' }).click()
    await page.keyboard.press('Control+/')
    await page.getByRole('dialog').waitFor()
    expect(await covered(insets)).toEqual([])
    await page.keyboard.press('Escape')
    await cdp.send('Emulation.setSafeAreaInsetsOverride', {
      insets: { top: 0, right: 0, bottom: 0, left: 0 },
    })
    await page.setViewportSize({ width: 390, height: 844 })
  })
})

describe('[MOB-02] a long press', () => {
  const row = () => page.locator('.message-row', { hasText: 'Chào Trúc' })
  const middle = async () => {
    const box = await row().boundingBox()
    return { x: box!.x + box!.width / 2, y: box!.y + box!.height / 2 }
  }

  test('opens what can be done; replying leads to the composer', async () => {
    const finger = await swipe(page, await middle())
    const sheet = page.getByRole('dialog', { name: /Thao tác với tin của/ })
    await sheet.waitFor()
    await finger.lift()
    expect(await sheet.getByRole('button').allInnerTexts()).toEqual(['Trả lời', 'Sao chép'])
    for (const button of await sheet.getByRole('button').all()) {
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    }
    await sheet.getByRole('button', { name: 'Trả lời' }).tap()
    await sheet.waitFor({ state: 'detached' })
    await page.getByText(`Trả lời ${LONG_NAME}`).waitFor()
    await page.getByRole('button', { name: 'Bỏ trả lời' }).tap()
  })

  test('stays open when the finger leaves above it', async () => {
    // Enough messages that the first stands high above the sheet.
    for (let line = 1; line <= 12; line++) {
      await page.locator('textarea').fill(`Dòng thứ ${line}`)
      await page.getByRole('button', { name: 'Gửi', exact: true }).tap()
    }
    await truc.allStored()
    await page.locator('.timeline-view').evaluate((view) => view.scrollTo({ top: 0 }))
    await row().scrollIntoViewIfNeeded()
    await rest()
    const finger = await swipe(page, await middle())
    const sheet = page.getByRole('dialog', { name: /Thao tác với tin của/ })
    await sheet.waitFor()
    await finger.lift()
    await page.waitForTimeout(300)
    expect(await sheet.isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
  })

  test('is none when the finger moves or leaves in time', async () => {
    const from = await middle()
    const scrolling = await swipe(page, from)
    await scrolling.move({ x: from.x, y: from.y - 40 })
    await page.waitForTimeout(600)
    await scrolling.lift()
    const tap = await swipe(page, from)
    await tap.lift()
    await page.waitForTimeout(600)
    expect(await page.getByRole('dialog').count()).toBe(0)
  })
})

describe('[MOB-02] a swipe to the right', () => {
  const row = () => page.locator('.message-row', { hasText: 'Chào Trúc' })
  const start = async () => {
    const box = (await row().boundingBox())!
    return { x: box.x + 120, y: box.y + box.height / 2 }
  }
  const left = () => row().evaluate((element) => Math.round(element.getBoundingClientRect().left))
  const back = () => page.waitForFunction(() => document.querySelector('[data-swipe]') === null)

  test('moves the message with the finger and answers it when let go far enough', async () => {
    const from = await start()
    const finger = await swipe(page, from)
    await finger.move({ x: from.x + 40, y: from.y + 3 })
    expect(await left()).toBe(40)
    expect(await row().locator('.swipe-mark:not([data-due])').isVisible()).toBe(true)
    await finger.move({ x: from.x + 90, y: from.y + 3 })
    expect(await row().locator('.swipe-mark[data-due]').isVisible()).toBe(true)
    await finger.lift()
    await page.getByText(`Trả lời ${LONG_NAME}`).waitFor()
    await back()
    await rest()
    expect(await left()).toBe(0)
    expect(await page.locator('.message-row .swipe-mark').count()).toBe(0)
    await page.getByRole('button', { name: 'Bỏ trả lời' }).tap()
  })

  test('answers nothing near its place, to the left, up and down, from the edge, with two fingers', async () => {
    const from = await start()
    const address = page.url()
    const ways = [
      { from, to: { x: from.x + 40, y: from.y } },
      { from, to: { x: from.x - 90, y: from.y } },
      { from, to: { x: from.x + 40, y: from.y - 90 } },
    ]
    for (const way of ways) {
      const finger = await swipe(page, way.from)
      await finger.move(way.to)
      await finger.lift()
      await back()
    }
    const edge = await swipe(page, { x: 6, y: from.y })
    await edge.move({ x: 80, y: from.y })
    expect(await page.locator('[data-swipe]').count()).toBe(0)
    await edge.rest()
    await edge.lift()
    await page.waitForFunction(() => document.querySelector('[data-swiping]') === null)
    const first = await swipe(page, from)
    await first.move({ x: from.x + 90, y: from.y })
    await cdp.send('Input.dispatchTouchEvent', {
      type: 'touchStart',
      touchPoints: [
        { x: from.x + 90, y: from.y, id: 0 },
        { x: from.x, y: from.y - 200, id: 1 },
      ],
    })
    await back()
    await first.lift()
    expect(page.url()).toBe(address)
    expect(await page.getByText(`Trả lời ${LONG_NAME}`).count()).toBe(0)
    expect(await page.getByRole('dialog').count()).toBe(0)
  })
})

describe('[A11-10] for a finger', () => {
  /** Controls on the screen of which less than 44 by 44 px can be hit; links within a text are as large as the text. */
  const small = async () => {
    await rest()
    return page.evaluate(() => {
      const scope = document.querySelector('dialog[open]') ?? document
      const controls = [...scope.querySelectorAll<HTMLElement>('button, a[href], input, textarea')]
      return controls
        .filter((control) => control.checkVisibility() && control.closest('[inert], .message-text') === null)
        .filter((control) => control.getBoundingClientRect().top < innerHeight && !control.matches('.fixed'))
        .filter((control) => {
          const { width, height } = (control.closest('label') ?? control).getBoundingClientRect()
          const around = getComputedStyle(control, '::after')
          const reach = (size: number, more: string) =>
            Math.max(size, around.content === 'none' ? 0 : parseFloat(more))
          const [wide, high] = [reach(width, around.width), reach(height, around.height)]
          return width > 1 && (wide < 44 || high < 44)
        })
        .map((control) => control.getAttribute('aria-label') ?? control.innerText)
    })
  }

  test('everything can be hit: list, conversation, panel, settings, a new group', async () => {
    expect(await small()).toEqual([])
    await page.getByRole('button', { name: /Thông tin cuộc trò chuyện/ }).tap()
    await page.getByRole('button', { name: 'Sao chép liên kết' }).waitFor()
    expect(await small()).toEqual([])
    await page.getByRole('complementary').getByRole('button', { name: 'Đóng' }).tap()
    await page.getByRole('button', { name: 'Về danh sách' }).tap()
    await page.getByRole('button', { name: 'Tìm hoặc chuyển đến' }).waitFor()
    expect(await small()).toEqual([])
    await page.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().tap()
    await page.getByRole('dialog').getByRole('button', { name: 'Đổi mật khẩu' }).scrollIntoViewIfNeeded()
    expect(await small()).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Đóng' }).tap()
    await page.getByRole('button', { name: 'Cuộc trò chuyện mới' }).first().tap()
    await page.getByRole('dialog').getByText('Nhóm', { exact: true }).tap()
    await page.getByRole('dialog').getByLabel('Thành viên').fill('khue')
    await page.getByRole('checkbox', { name: /Khuê/ }).tap()
    expect(await small()).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Đóng' }).tap()
  })
})

describe('[I18-06] a long name', () => {
  test('is cut at the end, its whole in the title, and nothing of a letter is shaved off', async () => {
    await page.goto(server.url)
    const name = page
      .getByRole('navigation')
      .locator('[data-row] .line-cut', { hasText: 'Nguyễn Hoàng' })
      .first()
    await name.waitFor()
    expect(await page.locator('[data-row]').first().getAttribute('title')).toBe(LONG_NAME)
    const cut = await name.evaluate((element) => ({
      isCut: element.scrollWidth > element.clientWidth,
      ellipsis: getComputedStyle(element).textOverflow,
    }))
    expect(cut).toEqual({ isCut: true, ellipsis: 'ellipsis' })
    // The same letters, with and without anything that could clip them.
    const box = (await name.boundingBox())!
    const clip = { x: box.x, y: box.y - 6, width: 150, height: box.height + 12 }
    await page.evaluate(() => document.fonts.ready)
    await rest()
    const shown = await page.screenshot({ clip, animations: 'disabled' })
    await name.evaluate((element) => {
      element.style.overflow = 'visible'
    })
    expect(Buffer.compare(await page.screenshot({ clip, animations: 'disabled' }), shown)).toBe(0)
  })
})
