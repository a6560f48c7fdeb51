import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { Person } from './person.ts'
import { RealServer } from './real-server.ts'

/* What one changes about oneself. */

let browser: Browser
let server: RealServer
let truc: Person
let page: Page

beforeAll(async () => {
  server = await RealServer.start()
  browser = await launchChromium()
  truc = await Person.register(browser, server.url, 'Đặng Thanh Trúc', 'truc')
  page = truc.page
}, 60_000)

afterAll(async () => {
  await browser.close()
  await server[Symbol.asyncDispose]()
})

const openSettings = async (on = page) => {
  await on.getByRole('button', { name: 'Tài khoản và cài đặt' }).first().click()
  await on.getByRole('dialog', { name: 'Hồ sơ và cài đặt' }).waitFor()
}

beforeEach(async () => {
  await page.unrouteAll()
  await page.goto(server.url)
  await openSettings()
})

test('what another device changed meanwhile stays', async () => {
  const other = await truc.context.newPage()
  await other.goto(server.url)
  await openSettings(other)
  await other.getByLabel('Giới thiệu').fill('Dạy Văn, yêu chợ nổi')
  await other.getByRole('button', { name: 'Lưu' }).click()
  const bio = page.getByLabel('Giới thiệu')
  await page.waitForFunction(
    (field) => (field as HTMLTextAreaElement).value !== '',
    await bio.elementHandle(),
  )
  const save = page.getByRole('button', { name: 'Lưu' })
  expect(await save.isDisabled()).toBe(true)
  await page.getByLabel('Trạng thái', { exact: true }).fill('Đang chấm bài')
  await save.click()
  await page.getByText('Đã lưu').first().waitFor()
  await page.reload()
  await openSettings()
  expect(await bio.inputValue()).toBe('Dạy Văn, yêu chợ nổi')
  expect(await page.getByLabel('Trạng thái', { exact: true }).inputValue()).toBe('Đang chấm bài')
  await other.close()
})

describe('[SET-02] a toggle', () => {
  const dnd = () => page.getByRole('switch', { name: 'Không làm phiền' })

  test('applies at once, before the server answers, and lasts', async () => {
    const answers = Promise.withResolvers<void>()
    await page.route('**/api/me', async (route) => {
      await answers.promise
      await route.continue()
    })
    await dnd().click()
    expect(await dnd().isChecked()).toBe(true)
    const kept = page.waitForResponse((response) => response.request().method() === 'PATCH')
    answers.resolve()
    await kept
    await page.reload()
    await openSettings()
    expect(await dnd().isChecked()).toBe(true)
  })

  test('that fails goes back and says why beside it', async () => {
    const before = await dnd().isChecked()
    await page.route('**/api/me', (route) => route.fulfill({ status: 500, json: { code: 'internal' } }))
    await dnd().click()
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor()
    expect(await dnd().isChecked()).toBe(before)
    const beside = page.locator('div').filter({ has: dnd() }).last().getByRole('alert')
    expect(await beside.innerText()).not.toBe('')
  })

  test('pressed twice quickly ends where it was left', async () => {
    const before = await dnd().isChecked()
    const patches: unknown[] = []
    await page.route('**/api/me', async (route) => {
      patches.push(route.request().postDataJSON())
      await route.continue()
    })
    await dnd().click()
    await dnd().click()
    await page.waitForResponse(() => patches.length === 2)
    expect(patches).toEqual([{ presence: { dnd: !before } }, { presence: { dnd: before } }])
    expect(await dnd().isChecked()).toBe(before)
  })

  test('of the language goes back with the page when it fails', async () => {
    await page.route('**/api/me', (route) => route.fulfill({ status: 500, json: { code: 'internal' } }))
    await page.getByText('English', { exact: true }).click()
    await page.getByRole('alert').filter({ hasText: /./ }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('vi')
    expect(await page.getByRole('radio', { name: 'Tiếng Việt' }).isChecked()).toBe(true)
  })
})

describe('[PRO-01] the picture', () => {
  /** A PNG made by the browser: red at the left, blue at the right; noise makes it as heavy as asked for. */
  async function picture(width: number, height: number): Promise<Buffer> {
    const base64 = await page.evaluate(
      async ([w, h]) => {
        const canvas = new OffscreenCanvas(w, h)
        const context = canvas.getContext('2d')!
        context.fillStyle = 'red'
        context.fillRect(0, 0, w / 2, h)
        context.fillStyle = 'blue'
        context.fillRect(w / 2, 0, w / 2, h)
        const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())
        return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
      },
      [width, height] as const,
    )
    return Buffer.from(base64, 'base64')
  }
  const choose = (name: string, mimeType: string, buffer: Buffer) =>
    page.locator('input[type=file]').setInputFiles({ name, mimeType, buffer })
  const problem = () => page.getByRole('dialog').getByRole('alert').filter({ hasText: /./ }).innerText()

  test('is cropped by dragging, previewed at 96, 36 and 20, and used at once', async () => {
    await choose('anh.png', 'image/png', await picture(1_200, 400))
    for (const side of [96, 36, 20]) {
      const box = await page.locator(`[data-preview="${side}"]`).locator('..').boundingBox()
      expect([Math.round(box!.width), Math.round(box!.height)]).toEqual([side, side])
    }
    const frame = page.getByLabel('Vị trí của ảnh')
    await frame.focus()
    const left = () => page.locator('[data-preview="192"]').evaluate((image) => image.style.left)
    expect(await left()).toBe('-192px')
    await page.keyboard.press('ArrowRight')
    expect(await left()).toBe('-184px')
    const box = await frame.boundingBox()
    await page.mouse.move(box!.x + 20, box!.y + 20)
    await page.mouse.down()
    await page.mouse.move(box!.x + 620, box!.y + 20)
    await page.mouse.up()
    expect(await left()).toBe('0px')
    const stored = Promise.withResolvers<void>()
    await page.route('**/api/me/avatar', async (route) => {
      await stored.promise
      await route.continue()
    })
    await page.getByRole('button', { name: 'Dùng ảnh này' }).click()
    const inRail = page.getByRole('navigation', { name: 'Thanh điều hướng' }).locator('img')
    await page.waitForFunction(() =>
      document.querySelector('nav img')?.getAttribute('src')?.startsWith('blob:'),
    )
    stored.resolve()
    await page.waitForFunction(() => document.querySelector('nav img')?.getAttribute('src')?.startsWith('/'))
    const colours = await inRail.evaluate(async (element) => {
      const image = element as HTMLImageElement
      await image.decode()
      const context = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext('2d')!
      context.drawImage(image, 0, 0)
      const at = (x: number) => [...context.getImageData(x, image.naturalHeight / 2, 1, 1).data].slice(0, 3)
      return [at(8), at(image.naturalWidth - 8)]
    })
    // The left third of the picture is all red.
    for (const [red, green, blue] of colours) {
      expect([red! > 200, green! < 60, blue! < 60]).toEqual([true, true, true])
    }
  })

  test('that the server refuses is taken back', async () => {
    const shown = () => page.evaluate(() => document.querySelector('nav img')?.getAttribute('src') ?? null)
    const before = await shown()
    await choose('anh.png', 'image/png', await picture(300, 300))
    await page.route('**/api/me/avatar', (route) =>
      route.fulfill({ status: 500, json: { code: 'internal' } }),
    )
    await page.getByRole('button', { name: 'Dùng ảnh này' }).click()
    await page.locator('.toast').waitFor()
    expect(await shown()).toBe(before)
  })

  test('larger than the server takes is made smaller here', async () => {
    await choose('to.png', 'image/png', await picture(6_000, 5_000))
    await page.getByRole('button', { name: 'Dùng ảnh này' }).waitFor()
    await page.evaluate(() => {
      const fetchIt = window.fetch.bind(window)
      Object.assign(window, {
        fetch(input: RequestInfo, init?: RequestInit) {
          Object.assign(window, { sentBytes: init?.body instanceof Blob ? init.body.size : 0 })
          return fetchIt(input, init)
        },
      })
    })
    await page.getByRole('button', { name: 'Dùng ảnh này' }).click()
    const sent = await page.waitForFunction(() => (window as { sentBytes?: number }).sentBytes)
    const bytes = await sent.jsonValue()
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(200_000)
  })

  test('of an iPhone, and what is no picture, are told apart', async () => {
    await choose('IMG_0001.HEIC', '', Buffer.from('ftypheic'))
    expect(await problem()).toContain('HEIC')
    await choose('thu.png', 'image/png', Buffer.from('không phải ảnh'))
    await page.waitForFunction(() => !document.querySelector('dialog')?.innerText.includes('HEIC'))
    expect(await problem()).toContain('JPEG hoặc PNG')
  })
})
