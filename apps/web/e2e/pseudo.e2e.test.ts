import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { serveSite, type Site } from './site.ts'

/* [I18-03] Texts 40 % longer, with stacked accents, at every breakpoint: nothing is clipped or leaves the window. */

let browser: Browser
let site: Site

beforeAll(async () => {
  site = await serveSite({ page: 'index.html', mode: 'development' })
  browser = await launchChromium()
}, 60_000)

afterAll(async () => {
  await browser.close()
  await site.stop()
})

/** Texts of which a part cannot be seen. One line that ends in an ellipsis says so itself and is left out. */
function clippedTexts(): string[] {
  const TOLERANCE_PX = 3
  const found: string[] = []
  const isCut = (element: Element) =>
    element.closest('.line-cut, .sr-only, select, [aria-hidden=true]') !== null
  const clips = (value: string) => value !== 'visible'
  const outside = (text: Node, box: DOMRect, element: Element): boolean => {
    for (let around: Element | null = element; around !== null; around = around.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(around)
      const edge = around.getBoundingClientRect()
      const across =
        clips(overflowX) && (box.left < edge.left - TOLERANCE_PX || box.right > edge.right + TOLERANCE_PX)
      const scrolls = overflowY === 'auto' || overflowY === 'scroll'
      const along =
        clips(overflowY) &&
        !scrolls &&
        (box.top < edge.top - TOLERANCE_PX || box.bottom > edge.bottom + TOLERANCE_PX)
      if (across || along) {
        return true
      }
      // What scrolls may hide the rest of its height; what stands above is no longer about this text.
      if (scrolls || position === 'fixed') {
        return false
      }
    }
    return text.textContent !== '' && (box.left < -TOLERANCE_PX || box.right > innerWidth + TOLERANCE_PX)
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
    const element = text.parentElement
    if (element === null || text.textContent?.trim() === '' || !element.checkVisibility() || isCut(element)) {
      continue
    }
    const range = document.createRange()
    range.selectNodeContents(text)
    if ([...range.getClientRects()].some((box) => outside(text, box, element))) {
      found.push(text.textContent ?? '')
    }
  }
  return found
}

type Screen = readonly [name: string, path: string, arrange: (page: Page) => Promise<void>]

const opening = (name: string, layer: 'dialog' | 'complementary') => async (page: Page) => {
  await page.getByRole('button', { name }).first().click()
  await page.getByRole(layer).getByRole('heading').first().waitFor()
  await page.waitForLoadState('networkidle')
}
const SCREENS: readonly Screen[] = [
  [
    'registration with errors',
    '/register?fixture=signed-out',
    (page) => page.locator('button[type=submit]').click(),
  ],
  ['empty', '/?fixture=empty', async () => {}],
  ['list', '/?fixture=community', (page) => page.locator('[data-row]').first().waitFor()],
  [
    'conversation',
    '/c/c_kehoach?fixture=community',
    (page) => page.locator('.message-text').last().waitFor(),
  ],
  ['panel', '/c/c_kehoach?fixture=community', opening('Thành viên và thông tin', 'complementary')],
  ['settings', '/?fixture=community', opening('Tài khoản và cài đặt', 'dialog')],
  ['new conversation', '/?fixture=community', opening('Cuộc trò chuyện mới', 'dialog')],
]

test.each([320, 390, 768, 1280])(
  'at %d px',
  async (width) => {
    const context = await browser.newContext({ locale: 'vi-VN', viewport: { width, height: 844 } })
    const page = await context.newPage()
    page.setDefaultTimeout(10_000)
    for (const [name, path, arrange] of SCREENS) {
      await page.goto(`${site.origin}${path}&pseudo=1`)
      await arrange(page)
      await page.evaluate(() =>
        Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))),
      )
      expect([name, await page.evaluate(clippedTexts)]).toEqual([name, []])
      expect([name, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([name, width])
    }
    await context.close()
  },
  60_000,
)
