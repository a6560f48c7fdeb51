import { afterAll, describe, expect, test } from 'bun:test'
import { closeBrowser, openLab, type LabPage } from './browser.ts'
import { FIELD, pressEnter } from './keyboard.ts'
import { rest, ROW, toEnd, VIEW } from './timeline-probe.ts'

/* What people paste and send by mistake or on purpose. */

afterAll(closeBrowser)

async function open(options: Partial<Parameters<typeof openLab>[0]> = {}): Promise<LabPage> {
  const lab = await openLab({ show: 'few', ...options })
  await lab.page.waitForSelector(ROW)
  await rest(lab)
  return lab
}

const value = ({ page }: LabPage) => page.inputValue(FIELD)
const note = ({ page }: LabPage) => page.textContent('#composer-limit')
const sent = (lab: LabPage) => lab.lab((side) => side.handle('few').sent.map(({ text }) => text))

/** Receives `text` and resolves when it stands at the end. */
async function receive(lab: LabPage, text: string): Promise<void> {
  const before = await lab.page.locator(ROW).count()
  await lab.lab((side, received: string) => side.handle('few').receive(1, received), text)
  await lab.page.waitForFunction(([selector, count]) => document.querySelectorAll(selector).length > count, [
    ROW,
    before,
  ] as const)
  await rest(lab)
}

describe('a paste', () => {
  async function paste(lab: LabPage, text: string): Promise<void> {
    await lab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await lab.page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
    await lab.page.focus(FIELD)
    await lab.page.keyboard.press('Control+v')
    await lab.frames()
  }

  test('CMP-10 of 20,000 characters is kept, counted, and never sent', async () => {
    await using lab = await open()
    await paste(lab, 'ặ '.repeat(10_000))
    await lab.page.waitForFunction(
      (field) => document.querySelector<HTMLTextAreaElement>(field)!.value.length > 0,
      FIELD,
    )
    expect((await value(lab)).length).toBe(20_000)
    expect(await note(lab)).toContain('bớt 15.999 ký tự')
    await pressEnter(lab.cdp)
    await lab.frames()
    expect(await sent(lab)).toEqual([])
    expect((await value(lab)).length).toBe(20_000)
  })

  test('CMP-10 of 64 KB is refused with the reason; what was typed stays, and the note goes with the next key', async () => {
    await using lab = await open()
    await lab.page.fill(FIELD, 'đang viết')
    await paste(lab, 'x'.repeat(65_536))
    await lab.page.waitForFunction(() => document.querySelector('#composer-limit')?.textContent !== '')
    expect(await note(lab)).toContain('chưa được thêm vào')
    expect(await value(lab)).toBe('đang viết')
    await lab.page.keyboard.type('!')
    expect(await note(lab)).toBe('')
    await pressEnter(lab.cdp)
    await lab.frames()
    expect(await sent(lab)).toEqual(['đang viết!'])
  })

  test('CMP-12 of rich text is plain', async () => {
    await using lab = await open()
    await lab.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await lab.page.evaluate(() =>
      navigator.clipboard.write([
        new ClipboardItem({
          'text/html': new Blob(['<b style="color:red">đậm</b>'], { type: 'text/html' }),
          'text/plain': new Blob(['đậm'], { type: 'text/plain' }),
        }),
      ]),
    )
    await lab.page.focus(FIELD)
    await lab.page.keyboard.press('Control+v')
    await lab.page.waitForFunction(
      (field) => document.querySelector<HTMLTextAreaElement>(field)!.value !== '',
      FIELD,
    )
    expect(await value(lab)).toBe('đậm')
  })
})

describe('a message', () => {
  test('of markup is its characters and nothing else', async () => {
    await using lab = await open()
    const markup =
      '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script> &lt;b&gt; ${1+1} {{1}}'
    await receive(lab, markup)
    const text = lab.page.locator('.message-text').last()
    expect(await text.innerText()).toBe(markup)
    expect(await text.locator('img, script, b').count()).toBe(0)
    expect(await lab.page.evaluate(() => 'harmed' in window)).toBe(false)
  })

  test('links only what opens a page, in a new one that knows nothing of this', async () => {
    await using lab = await open()
    await receive(lab, 'javascript:alert(1) data:text/html,x vbscript:x https://vi.wikipedia.org/wiki/Huế.')
    const links = lab.page.locator('.message-text').last().locator('a')
    expect(await links.count()).toBe(1)
    expect(await links.getAttribute('href')).toStartWith('https://vi.wikipedia.org/')
    expect(await links.getAttribute('rel')).toContain('noopener')
    expect(await links.getAttribute('target')).toBe('_blank')
  })

  test('of right-to-left text runs from the right, the ones around it do not', async () => {
    await using lab = await open()
    await receive(lab, 'مرحبا بالعالم')
    await receive(lab, 'Chào cả nhà')
    const directions = await lab.page
      .locator('.message-text')
      .evaluateAll((texts) => texts.slice(-2).map((text) => getComputedStyle(text).direction))
    expect(directions).toEqual(['rtl', 'ltr'])
  })

  test('of a direction never ended turns nothing behind it', async () => {
    await using lab = await open()
    await lab.page.fill(FIELD, '\u202Eđảo ngược')
    await lab.page.press(FIELD, 'Enter')
    const gap = await lab.page
      .locator('.message-text', { hasText: 'đảo ngược' })
      .last()
      .evaluate((message) => {
        const letters = document.createRange()
        letters.setStart(message, 0)
        letters.setEndBefore(message.querySelector('.delivery-mark')!)
        const rects = [...letters.getClientRects()].filter(({ width }) => width > 0)
        const right = Math.max(...rects.map((rect) => rect.right))
        return message.querySelector('.delivery-mark')!.getBoundingClientRect().left - right
      })
    expect(gap).toBeGreaterThanOrEqual(0)
  })

  test.each([320, 390, 1088])('A11-10 of one endless word stays within %d px', async (width) => {
    await using lab = await open({ width, height: 640 })
    await receive(lab, 'x'.repeat(400))
    await receive(lab, `https://example.com/${'duong-dan/'.repeat(60)}`)
    await receive(lab, 'Ẫ'.repeat(300))
    const overflow = await lab.page.evaluate((selector) => {
      const view = document.querySelector(selector)!
      return [view.scrollWidth - view.clientWidth, document.documentElement.scrollWidth - window.innerWidth]
    }, VIEW)
    expect(overflow).toEqual([0, 0])
  })
})

describe('TL-16 a message of 400 lines', () => {
  const lines = Array.from({ length: 400 }, (_, index) => `dòng ${index + 1}`).join('\n')
  const last = ({ page }: LabPage) => page.locator(ROW).last()
  const top = async (lab: LabPage) => (await last(lab).boundingBox())!.y

  test('is cut at 24, and its top stays where it is when it opens and closes', async () => {
    await using lab = await open({ height: 900 })
    await receive(lab, lines)
    expect((await last(lab).boundingBox())!.height).toBeLessThan(24 * 22 + 80)
    expect(await toEnd(lab)).toBe(0)
    const before = await top(lab)
    await lab.page.getByRole('button', { name: 'Xem thêm' }).click()
    await rest(lab)
    expect((await last(lab).boundingBox())!.height).toBeGreaterThan(400 * 22)
    expect(Math.abs((await top(lab)) - before)).toBeLessThanOrEqual(1)
    await lab.page.getByRole('button', { name: 'Thu gọn' }).evaluate((button: HTMLElement) => button.click())
    await rest(lab)
    expect(Math.abs((await top(lab)) - before)).toBeLessThanOrEqual(1)
  })

  test('is one tab stop more in its row', async () => {
    await using lab = await open()
    await receive(lab, lines)
    await last(lab).focus()
    await lab.page.keyboard.press('Tab')
    expect(await lab.page.evaluate(() => document.activeElement?.textContent)).toBe('Xem thêm')
  })
})
