import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { compose, commit, press, pressForIme } from './keyboard.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'

/* Keys that nobody aimed at a field, and those that no shortcut may take. */

let browser: Browser
let server: RealServer
let truc: Person

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
  truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc')
  for (const [name, username] of [
    ['Phạm Thu Hường', 'huong'],
    ['Dương Quỳnh Lam', 'lam'],
  ] as const) {
    await using other = await Person.register(browser, server.url, name, username)
    await other.openDirect('truc', truc.name)
    await other.write('Trúc ơi')
    await other.allStored()
  }
}, 90_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

beforeEach(async () => {
  await truc.page.goto(server.url)
  await truc.open('Phạm Thu Hường')
  await truc.composer.fill('')
})

const onMessages = (page: Page) => page.locator('.message-row').last().focus()
const inComposer = (page: Page) => page.evaluate(() => document.activeElement?.tagName === 'TEXTAREA')

describe('[CMP-19] a letter typed on the messages', () => {
  test('goes into the composer, once', async () => {
    const { page } = truc
    await onMessages(page)
    await page.keyboard.type('chào')
    expect(await truc.composer.inputValue()).toBe('chào')
    expect(await inComposer(page)).toBe(true)
    await page.evaluate(() => (document.activeElement as HTMLElement).blur())
    await page.keyboard.type('!')
    expect(await truc.composer.inputValue()).toBe('chào!')
  })

  test('with Ctrl or Alt, in a dialog or in a menu, stays where it is', async () => {
    const { page } = truc
    await onMessages(page)
    await page.keyboard.press('Control+b')
    await page.keyboard.press('Alt+b')
    expect(await inComposer(page)).toBe(false)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('lam')
    expect(await page.getByRole('combobox').inputValue()).toBe('lam')
    await page.keyboard.press('Escape')
    expect(await truc.composer.inputValue()).toBe('')
  })

  test('Space on a button presses it', async () => {
    const { page } = truc
    await page.getByRole('button', { name: 'Thông tin cuộc trò chuyện' }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('complementary').waitFor()
    expect(await truc.composer.inputValue()).toBe('')
  })
})

describe('[IME-15] shortcuts of a single key', () => {
  test('do not exist in a field, nor while an input method composes', async () => {
    const { page } = truc
    const cdp = await truc.context.newCDPSession(page)
    const address = page.url()
    await truc.composer.focus()
    await page.keyboard.type('jkneruf?/')
    await compose(cdp, 'tiê')
    for (const [key, code] of [
      ['Escape', 27],
      ['F6', 117],
      ['k', 75],
    ] as const) {
      await pressForIme(cdp, key)
      expect([key, code, await inComposer(page)]).toEqual([key, code, true])
    }
    await commit(cdp, 'tiếng')
    expect(await truc.composer.inputValue()).toBe('jkneruf?/tiếng')
    expect(page.url()).toBe(address)
    await press(cdp, 'Escape', 27)
    expect(await truc.composer.inputValue()).toBe('jkneruf?/tiếng')
    await cdp.detach()
  })
})

describe('[QS-04] the switcher', () => {
  test('is a combobox whose list says which one Enter opens', async () => {
    const { page } = truc
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox', { name: 'Chuyển đến' })
    const active = async () => {
      const id = await field.getAttribute('aria-activedescendant')
      const option = page.locator(`[id="${id}"]`)
      return [await option.getAttribute('role'), await option.getAttribute('aria-selected')]
    }
    expect(
      await page.locator(`[id="${await field.getAttribute('aria-controls')}"]`).getAttribute('role'),
    ).toBe('listbox')
    expect(await active()).toEqual(['option', 'true'])
    const first = await field.getAttribute('aria-activedescendant')
    await page.keyboard.press('ArrowDown')
    expect(await field.getAttribute('aria-activedescendant')).not.toBe(first)
    await page.keyboard.press('ArrowUp')
    expect(await field.getAttribute('aria-activedescendant')).toBe(first)
    await page.keyboard.type('lam')
    await page.getByRole('option', { name: /Dương Quỳnh Lam/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Dương Quỳnh Lam' }).waitFor()
  })

  test('[EMP-01] says what to do when nothing is found', async () => {
    const { page } = truc
    await page.keyboard.press('Control+k')
    await page.keyboard.type('zzzz')
    await page.getByText('Không thấy “zzzz”. Thử gõ ít chữ hơn').waitFor()
    expect(await page.getByRole('option').count()).toBe(0)
  })
})
