import { afterAll, expect, test } from 'bun:test'
import { closeBrowser, openLab, type LabPage } from './browser.ts'
import { FIELD, press, SEND } from './keyboard.ts'
import type { Lab } from './lab/main.tsx'
import { rest, ROW } from './timeline-probe.ts'

afterAll(closeBrowser)

async function open(options: Partial<Parameters<typeof openLab>[0]> = {}): Promise<LabPage> {
  const lab = await openLab({ show: 'big', ...options })
  await lab.page.waitForSelector(ROW)
  return lab
}

async function show(lab: LabPage, id: string): Promise<void> {
  await lab.lab((side, conversation: string) => side.show(conversation), id)
  await lab.page.waitForSelector(`[data-composer="${id}"]`)
}

const value = (lab: LabPage): Promise<string> => lab.page.inputValue(FIELD)
const sent = (lab: LabPage, id = 'big'): Promise<string[]> =>
  lab.lab((side, conversation: string) => side.handle(conversation).sent.map(({ text }) => text), id)

test('CMP-03 typed in A, then at once in B with Enter: it lands in B and A keeps its draft', async () => {
  await using lab = await open()
  await lab.page.fill(FIELD, 'còn dang dở')
  await lab.lab((side) => side.show('other'))
  await lab.page.keyboard.type('gửi cho nhóm trực')
  await lab.page.keyboard.press('Enter')
  expect(await sent(lab, 'other')).toEqual(['gửi cho nhóm trực'])
  expect(await sent(lab, 'big')).toEqual([])
  expect(await lab.lab((side) => side.drafts.get('big').text)).toBe('còn dang dở')
})

test('CMP-05 visiting a conversation one cannot write in leaves other drafts alone', async () => {
  await using lab = await open()
  await lab.page.fill(FIELD, 'để lát viết tiếp')
  await lab.lab((side) => side.handle('other').summary.set(undefined))
  await show(lab, 'other')
  expect(await lab.page.$(FIELD)).toBeNull()
  expect(await lab.page.textContent('.composer')).toContain('Bạn không còn ở trong cuộc trò chuyện này')
  await show(lab, 'big')
  expect(await value(lab)).toBe('để lát viết tiếp')
})

test('CMP-06 Escape closes the reply and never takes text', async () => {
  await using lab = await open()
  await lab.lab((side) => side.drafts.setReply('big', 99_990))
  await lab.page.waitForSelector('[data-reply]')
  await lab.page.fill(FIELD, 'trả lời đây')
  await lab.page.press(FIELD, 'Escape')
  expect(await lab.page.$('[data-reply]')).toBeNull()
  await lab.page.press(FIELD, 'Escape')
  expect(await value(lab)).toBe('trả lời đây')
})

test('CMP-06 a reply carries the seq it answers and is over when sent', async () => {
  await using lab = await open()
  await lab.lab((side) => side.drafts.setReply('big', 99_990))
  await lab.page.waitForSelector('[data-reply]')
  await lab.page.fill(FIELD, 'đồng ý')
  await lab.page.press(FIELD, 'Enter')
  expect(await lab.lab((side) => side.handle('big').sent[0]?.replyTo)).toBe(99_990)
  expect(await lab.page.$('[data-reply]')).toBeNull()
})

test('CMP-08 Shift+Enter is a new line, Enter sends; the setting turns it round and the hint says so', async () => {
  await using lab = await open()
  await lab.page.focus(FIELD)
  await lab.page.keyboard.type('một')
  await lab.page.keyboard.press('Shift+Enter')
  await lab.page.keyboard.type('hai')
  await lab.page.keyboard.press('Enter')
  expect(await sent(lab)).toEqual(['một\nhai'])
  await lab.page.click('button:has-text("Enter để gửi, Shift+Enter")')
  await lab.page.focus(FIELD)
  await lab.page.keyboard.type('ba')
  await lab.page.keyboard.press('Enter')
  expect(await sent(lab)).toHaveLength(1)
  expect(await lab.page.textContent('.composer')).toContain('Ctrl+Enter để gửi')
  await lab.page.keyboard.press('Control+Enter')
  expect(await sent(lab)).toEqual(['một\nhai', 'ba'])
})

test('CMP-09 20 lines grow the field to 40 % of the window, then it scrolls inside with the caret in view', async () => {
  await using lab = await open({ height: 800 })
  await lab.page.fill(FIELD, Array.from({ length: 20 }, (_, line) => `dòng ${line + 1}`).join('\n'))
  await lab.page.press(FIELD, 'End')
  const field = await lab.page.evaluate(() => {
    const { clientHeight, scrollHeight, scrollTop } =
      document.querySelector<HTMLTextAreaElement>('.composer-field')!
    return { clientHeight, hidden: scrollHeight - clientHeight - scrollTop }
  })
  expect(field.clientHeight).toBe(320)
  expect(field.hidden).toBeLessThanOrEqual(8)
})

test('CMP-10 white space never sends; near the limit the room left shows, past it the reason', async () => {
  await using lab = await open()
  await lab.page.fill(FIELD, '  \n ')
  await lab.page.press(FIELD, 'Enter')
  expect(await lab.page.isDisabled(SEND)).toBe(true)
  await lab.page.fill(FIELD, 'ữ'.repeat(3_900))
  expect(await lab.page.textContent('#composer-limit')).toBe('Còn 100 ký tự')
  await lab.page.fill(FIELD, 'ữ'.repeat(4_012))
  expect(await lab.page.textContent('#composer-limit')).toBe('Tin dài quá 4.000 ký tự, bớt 12 ký tự để gửi')
  await lab.page.press(FIELD, 'Enter')
  expect(await lab.page.isDisabled(SEND)).toBe(true)
  expect(await sent(lab)).toEqual([])
  expect((await value(lab)).length).toBe(4_012)
})

test('CMP-13 an emoticon is sent as typed', async () => {
  await using lab = await open()
  await lab.page.fill(FIELD, 'chào :)')
  await lab.page.press(FIELD, 'Enter')
  expect(await sent(lab)).toEqual(['chào :)'])
})

test('CMP-24 Enter twice within 50 ms is one message; a held Enter too', async () => {
  await using lab = await open()
  await lab.page.fill(FIELD, 'một lần thôi')
  await Promise.all([press(lab.cdp, 'Enter', 13), press(lab.cdp, 'Enter', 13)])
  expect(await sent(lab)).toEqual(['một lần thôi'])
  await lab.page.fill(FIELD, 'giữ phím')
  for (let turn = 0; turn < 5; turn++) {
    await lab.cdp.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Enter',
      windowsVirtualKeyCode: 13,
      autoRepeat: turn > 0,
    })
  }
  expect(await sent(lab)).toEqual(['một lần thôi', 'giữ phím'])
  expect(await value(lab)).toBe('')
})

test('SND-01 the echo is there one frame after Enter, the field is empty and keeps the focus', async () => {
  await using lab = await open()
  await lab.page.fill(FIELD, 'nhanh như chớp')
  const echo = await lab.page.evaluate(async () => {
    const field = document.querySelector<HTMLTextAreaElement>('.composer-field')!
    field.focus()
    field.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true }),
    )
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    const rows = [...document.querySelectorAll('[data-timeline-view] .message-text')]
    return [rows.at(-1)?.textContent, field.value, document.activeElement === field]
  })
  expect(echo).toEqual(['nhanh như chớp', '', true])
})

test('SND-02 SND-04 the clock waits 400 ms, the tick comes into the same row without moving anything', async () => {
  await using lab = await open()
  await lab.lab((side) => (side.handle('big').server.acks = 'hold'))
  await lab.page.fill(FIELD, 'chờ chút')
  await lab.page.press(FIELD, 'Enter')
  const row = await lab.page.waitForSelector(`${ROW}:has-text("chờ chút")`)
  const before = (await row.boundingBox())!
  const clock = () =>
    lab.page.evaluate(() => {
      const { animationDelay, animationFillMode, opacity } = getComputedStyle(
        document.querySelector('.mark-late')!,
      )
      return { animationDelay, animationFillMode, opacity }
    })
  expect(await clock()).toMatchObject({ animationDelay: '0.4s', animationFillMode: 'backwards' })
  await lab.page.waitForFunction(
    () => getComputedStyle(document.querySelector('.mark-late')!).opacity === '1',
  )
  expect(await lab.page.getAttribute('[data-delivery="sending"]', 'aria-label')).toBe('Đang gửi')
  await lab.lab((side) => side.handle('big').release())
  await lab.page.waitForSelector(`${ROW}:has-text("chờ chút") [data-delivery="sent"]`)
  expect(await row.evaluate((element) => element.isConnected && element.dataset['seq'] !== undefined)).toBe(
    true,
  )
  expect(await row.boundingBox()).toEqual(before)
  await lab.lab((side) =>
    side.handle('big').receipts.set(
      new Map([
        ['u_huong', 200_000],
        ['u_dat', 5],
      ]),
    ),
  )
  await lab.page.waitForSelector(`${ROW}:has-text("chờ chút") [data-delivery="seen-by-some"]`)
  await lab.lab((side) => side.handle('big').receipts.set(new Map([['u_huong', 200_000]])))
  await lab.page.waitForSelector(`${ROW}:has-text("chờ chút") [data-delivery="seen-by-all"]`)
  expect(await row.boundingBox()).toEqual(before)
  expect((await lab.page.$$(`${ROW}:has-text("chờ chút")`)).length).toBe(1)
})

test('SND-03 a refused message offers Retry with the same cid and Delete, which gives the text back', async () => {
  await using lab = await open()
  await lab.lab((side) => (side.handle('big').server.acks = 'fail'))
  await lab.page.fill(FIELD, 'gửi lại bảng giờ')
  await lab.page.press(FIELD, 'Enter')
  const line = await lab.page.waitForSelector('text=Không gửi được')
  expect(await line.textContent()).toBe('Không gửi đượcThử lạiXóa')
  await lab.page.click('.failed-action:has-text("Thử lại")')
  await lab.page.waitForFunction(
    () => (window as unknown as { lab: Lab }).lab.handle('big').sent.length === 2,
  )
  await lab.page.waitForSelector('.failed-action')
  const cids = await lab.lab((side) => side.handle('big').sent.map(({ cid }) => cid))
  expect(cids).toHaveLength(2)
  expect(new Set(cids).size).toBe(1)
  await lab.page.click('.failed-action:has-text("Xóa")')
  await lab.page.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>('.composer-field')!.value === 'gửi lại bảng giờ',
  )
  expect(await lab.page.$('text=Không gửi được')).toBeNull()
  await lab.lab((side) => (side.handle('big').server.acks = 'store'))
  await lab.page.press(FIELD, 'Enter')
  await lab.page.waitForSelector(`${ROW}:has-text("gửi lại bảng giờ") [data-delivery="sent"]`)
})

test('SND-03 Delete leaves another draft alone', async () => {
  await using lab = await open()
  await lab.lab((side) => (side.handle('big').server.acks = 'fail'))
  await lab.page.fill(FIELD, 'tin hỏng')
  await lab.page.press(FIELD, 'Enter')
  await lab.page.fill(FIELD, 'đang viết tin khác')
  await lab.page.click('.failed-action:has-text("Xóa")')
  await rest(lab)
  expect(await value(lab)).toBe('đang viết tin khác')
})

test('SND-05 five messages one after the other keep their order', async () => {
  await using lab = await open()
  await lab.lab((side) => (side.handle('big').server.acks = 'hold'))
  for (const text of ['một', 'hai', 'ba', 'bốn', 'năm']) {
    await lab.page.fill(FIELD, text)
    await lab.page.press(FIELD, 'Enter')
  }
  await lab.frames()
  const shown = await lab.page.$$eval('[data-timeline-view] .message-text', (rows) =>
    rows.slice(-5).map((row) => row.textContent),
  )
  expect(shown).toEqual(['một', 'hai', 'ba', 'bốn', 'năm'])
})

test('PRS-02 typing is told on input, never for white space', async () => {
  await using lab = await open()
  const notices = () => lab.lab((side) => side.handle('big').typingNotices)
  await lab.page.focus(FIELD)
  await lab.page.keyboard.type('   ')
  expect(await notices()).toBe(0)
  await lab.page.keyboard.type('a')
  expect(await notices()).toBe(1)
})

test('PRS-03 the typing row names one, two or more and never moves the composer', async () => {
  await using lab = await open()
  const top = () =>
    lab.page.evaluate(() => document.querySelector('.composer-box')!.getBoundingClientRect().top)
  const before = await top()
  const row = async (typing: string[]) => {
    await lab.lab((side, ids: string[]) => side.handle('big').typing.set(ids), typing)
    await lab.frames()
    return lab.page.textContent('[data-typing]')
  }
  expect(await row(['u_huong'])).toBe('Hường đang nhập…')
  expect(await row(['u_huong', 'u_dat'])).toBe('Hường và Đạt đang nhập…')
  expect(await row(['u_huong', 'u_dat', 'u_an', 'u_emma'])).toBe('Hường, Đạt và 2 người khác đang nhập…')
  expect(await lab.page.$$eval('[data-typing] b', (names) => names.map((name) => name.textContent))).toEqual([
    'Hường',
    'Đạt',
  ])
  expect(await row([])).toBe('')
  expect(await top()).toBe(before)
})
