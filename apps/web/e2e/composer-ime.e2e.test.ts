import { afterAll, expect, test } from 'bun:test'
import { closeBrowser, openLab, type LabPage } from './browser.ts'
import {
  commit,
  compose,
  composeWord,
  FIELD,
  press,
  pressEnter,
  pressForIme,
  SEND,
  typeKey,
  unikey,
} from './keyboard.ts'
import { ROW } from './timeline-probe.ts'

afterAll(closeBrowser)

const TIENG = ['t', 'ti', 'tie', 'tiê', 'tiên', 'tiêng', 'tiếng']

async function open(options: Partial<Parameters<typeof openLab>[0]> = {}): Promise<LabPage> {
  const lab = await openLab({ show: 'big', ...options })
  await lab.page.waitForSelector(ROW)
  await lab.page.focus(FIELD)
  return lab
}

const value = (lab: LabPage): Promise<string> => lab.page.inputValue(FIELD)
const sent = (lab: LabPage, id = 'big'): Promise<string[]> =>
  lab.lab((side, conversation: string) => side.handle(conversation).sent.map(({ text }) => text), id)

test('IME-01 Enter while composing belongs to the input method, whatever its key code', async () => {
  await using lab = await open()
  await composeWord(lab.cdp, TIENG)
  await pressForIme(lab.cdp, 'Enter')
  await press(lab.cdp, 'Enter', 13)
  expect(await value(lab)).toBe('tiếng')
  expect(await sent(lab)).toEqual([])
})

test('IME-02 Safari: Enter 229 after compositionend does not send', async () => {
  await using lab = await open()
  await composeWord(lab.cdp, TIENG)
  await commit(lab.cdp, 'tiếng')
  await pressForIme(lab.cdp, 'Enter')
  expect(await value(lab)).toBe('tiếng')
  expect(await sent(lab)).toEqual([])
})

test('IME-03 macOS: Enter 229, compositionend, Enter 13 send once, with the whole last word', async () => {
  await using lab = await open()
  await commit(lab.cdp, 'nói ')
  await composeWord(lab.cdp, TIENG)
  await pressForIme(lab.cdp, 'Enter')
  await commit(lab.cdp, 'tiếng')
  await pressEnter(lab.cdp)
  expect(await sent(lab)).toEqual(['nói tiếng'])
  expect(await value(lab)).toBe('')
})

test('IME-04 nothing writes into the field while composing: not messages, drafts, names or languages', async () => {
  await using lab = await open({
    before: `
      window.writes = [];
      const area = HTMLTextAreaElement.prototype;
      const { get, set } = Object.getOwnPropertyDescriptor(area, 'value');
      Object.defineProperty(area, 'value', { configurable: true, get, set(text) { writes.push('value'); set.call(this, text) } });
      for (const name of ['setRangeText', 'setSelectionRange']) {
        const original = area[name];
        area[name] = function (...given) { writes.push(name); return original.apply(this, given) };
      }`,
  })
  const writes = () => lab.page.evaluate(() => (window as unknown as { writes: string[] }).writes.splice(0))
  await composeWord(lab.cdp, TIENG.slice(0, 4))
  await writes()
  await lab.lab((side) => {
    side.handle('big').receive(5)
    side.handle('big').typing.set(['u_huong'])
    side.drafts.setReply('big', 99_990)
    side.drafts.giveBack('big', 'chữ của tin bị xóa')
    side.rename('u_huong', 'Phạm Thu Hương')
    side.preferences.locale.set('en')
    side.preferences.sendKey.set('mod-enter')
  })
  await lab.frames(3)
  await composeWord(lab.cdp, TIENG.slice(4))
  await lab.frames(3)
  expect(await writes()).toEqual([])
  expect(await value(lab)).toBe('tiếng')
  await commit(lab.cdp, 'tiếng')
  await lab.page.waitForSelector('[data-reply]')
  expect(await value(lab)).toBe('tiếng')
})

test('IME-05 UniKey: the moment without text is no empty draft and no disabled button', async () => {
  await using lab = await open()
  await typeKey(lab.cdp, 'a')
  await lab.frames()
  await lab.page.evaluate((selector) => {
    const seen: string[] = []
    Object.assign(window, { seen })
    new MutationObserver(() => seen.push('button')).observe(document.querySelector(selector)!, {
      attributes: true,
    })
    const { lab } = window as unknown as { lab: { drafts: { get(id: string): { text: string } } } }
    document.querySelector('.composer-field')!.addEventListener('input', () => {
      if (lab.drafts.get('big').text === '') {
        seen.push('draft')
      }
    })
  }, SEND)
  const notices = await lab.lab((side) => side.handle('big').typingNotices)
  await unikey(lab.cdp, 1, 'â')
  await lab.frames(3)
  expect(await value(lab)).toBe('â')
  expect(await lab.page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([])
  expect(await lab.lab((side) => side.drafts.get('big').text)).toBe('â')
  expect(await lab.lab((side) => side.handle('big').typingNotices)).toBe(notices + 1)
})

test('IME-06 UniKey types "được" through 100 messages a second', async () => {
  await using lab = await open()
  await lab.lab((side) => {
    const timer = setInterval(() => side.handle('big').receive(1), 10)
    setTimeout(() => clearInterval(timer), 3_000)
  })
  const steps: [backspaces: number, text: string][] = [
    [0, 'd'],
    [1, 'đ'],
    [0, 'u'],
    [1, 'ư'],
    [0, 'o'],
    [1, 'ơ'],
    [0, 'c'],
    [2, 'ợc'],
  ]
  for (const [backspaces, text] of steps) {
    await unikey(lab.cdp, backspaces, text)
  }
  expect(await value(lab)).toBe('được')
})

test('IME-08 clicking Send while composing sends the composed word once and whole', async () => {
  await using lab = await open()
  await composeWord(lab.cdp, TIENG)
  await lab.page.click(SEND)
  await lab.page.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>('.composer-field')!.value === '',
  )
  expect(await sent(lab)).toEqual(['tiếng'])
  expect(await lab.page.evaluate(() => document.activeElement?.className)).toContain('composer-field')
})

test('IME-09 arrows, Escape and Tab while composing are the input method’s alone', async () => {
  await using lab = await open()
  await lab.lab((side) => side.drafts.setReply('big', 99_990))
  await lab.page.waitForSelector('[data-reply]')
  await compose(lab.cdp, 'ti')
  for (const [key, code] of [
    ['ArrowUp', 38],
    ['ArrowDown', 40],
    ['Escape', 27],
  ] as const) {
    await press(lab.cdp, key, code)
    await pressForIme(lab.cdp, key)
  }
  await pressForIme(lab.cdp, 'Tab')
  expect(await lab.page.$('[data-reply]')).not.toBeNull()
  expect(await lab.page.evaluate(() => document.activeElement?.className)).toContain('composer-field')
  expect(await value(lab)).toBe('ti')
})

test('IME-10 switching while composing: the word stays behind, the next field is empty', async () => {
  await using lab = await open()
  await composeWord(lab.cdp, TIENG)
  await lab.lab((side) => side.show('other'))
  await lab.page.waitForSelector('[data-composer="other"]')
  await lab.frames()
  expect(await value(lab)).toBe('')
  expect(await lab.lab((side) => [side.drafts.get('big').text, side.drafts.get('other').text])).toEqual([
    'tiếng',
    '',
  ])
  await lab.lab((side) => side.show('big'))
  await lab.page.waitForSelector('[data-composer="big"]')
  expect(await value(lab)).toBe('tiếng')
})

test('IME-12 decomposed text is sent composed', async () => {
  await using lab = await open()
  await commit(lab.cdp, 'Hường đã đến'.normalize('NFD'))
  await pressEnter(lab.cdp)
  expect(await sent(lab)).toEqual(['Hường đã đến'])
  expect((await sent(lab))[0]).toBe('Hường đã đến'.normalize('NFC'))
})

test('IME-13 undo after three words goes back step by step, through nothing that was not written', async () => {
  await using lab = await open()
  for (const steps of [TIENG, ['V', 'Vi', 'Viê', 'Việ', 'Việt'], ['m', 'mê', 'mến']]) {
    await composeWord(lab.cdp, steps)
    await commit(lab.cdp, `${steps.at(-1)} `)
  }
  expect(await value(lab)).toBe('tiếng Việt mến ')
  const seen = [await value(lab)]
  for (let step = 0; step < 10 && seen.at(-1) !== ''; step++) {
    await lab.page.keyboard.press('Control+z')
    seen.push(await value(lab))
  }
  expect(seen.at(-1)).toBe('')
  expect(seen.length).toBeGreaterThan(2)
  for (const text of seen) {
    expect('tiếng Việt mến '.startsWith(text) || text.trim() === '').toBe(true)
  }
  for (let step = 0; step < 10 && (await value(lab)) !== 'tiếng Việt mến '; step++) {
    await lab.page.keyboard.press('Control+Shift+z')
  }
  expect(await value(lab)).toBe('tiếng Việt mến ')
})
