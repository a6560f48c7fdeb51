import { afterAll, expect, test } from 'bun:test'
import { closeBrowser, openLab, type LabPage } from './browser.ts'
import type { Lab } from './lab/main.tsx'
import { drawnSeqs, rest, ROW, scrollAndRest, toEnd, VIEW } from './timeline-probe.ts'

afterAll(closeBrowser)

/** A window the person looks away from; `window.attend(true)` looks again. */
const INATTENTIVE = `
  let attending = false;
  document.hasFocus = () => attending;
  window.attend = (value) => { attending = value; window.dispatchEvent(new Event(value ? 'focus' : 'blur')) }`

async function open(show: string, options: Partial<Parameters<typeof openLab>[0]> = {}): Promise<LabPage> {
  const lab = await openLab({ show, ...options })
  await lab.page.waitForSelector(ROW)
  await rest(lab)
  return lab
}

const NOON = '2026-11-22T12:00:00+07:00'
const PILL = 'button:has-text("tin chưa đọc")'
const reads = (lab: LabPage, id: string): Promise<number[]> =>
  lab.lab((side, conversation: string) => side.handle(conversation).reads, id)

/** Resolves when the read position is at `seq` or beyond. */
async function readUpTo({ page }: LabPage, id: string, seq: number): Promise<void> {
  await page.waitForFunction(
    ([conversation, wanted]) =>
      (window as unknown as { lab: Lab }).lab.handle(conversation).reads.some((read) => read >= wanted),
    [id, seq] as const,
  )
}

/** The page's time stands still; the result moves it on by milliseconds. */
async function stopTime({ page }: LabPage): Promise<(ms: number) => Promise<void>> {
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000))
  return (ms) => page.clock.runFor(ms)
}

test('UNR-02 a row half visible for 500 ms in a focused window is read, and not a moment earlier', async () => {
  await using lab = await open('unread12', { before: INATTENTIVE, now: NOON })
  const pass = await stopTime(lab)
  const attend = (value: boolean) =>
    lab.page.evaluate(
      (attends) => (window as unknown as { attend(value: boolean): void }).attend(attends),
      value,
    )
  await pass(5_000)
  expect(await reads(lab, 'unread12')).toEqual([])
  await attend(true)
  await pass(499)
  expect(await reads(lab, 'unread12')).toEqual([])
  await pass(1)
  expect(await reads(lab, 'unread12')).toEqual([500])
  await attend(false)
  await lab.lab((side) => side.handle('unread12').receive(1))
  await pass(5_000)
  expect(await reads(lab, 'unread12')).toEqual([500])
})

test('UNR-02 rows above the view are not read by being drawn', async () => {
  await using lab = await open('big', { now: NOON })
  await scrollAndRest(lab, -4_000)
  const pass = await stopTime(lab)
  await lab.lab((side) => side.handle('big').receive(2))
  await pass(5_000)
  expect(await reads(lab, 'big')).toEqual([])
})

test('UNR-03 the line stands above the first unread message and stays there, whatever arrives', async () => {
  await using lab = await open('unread12')
  const below = () =>
    lab.page.evaluate(() =>
      document.querySelector<HTMLElement>('[data-unread-line]')?.nextElementSibling?.getAttribute('data-seq'),
    )
  // 489 is the first message of somebody else after 488.
  expect(await below()).toBe('489')
  await readUpTo(lab, 'unread12', 500)
  await lab.lab((side) => side.handle('unread12').receive(2))
  await lab.page.fill('.composer-field', 'của mình')
  await lab.page.press('.composer-field', 'Enter')
  await readUpTo(lab, 'unread12', 502)
  expect(await below()).toBe('489')
  expect((await lab.page.$$('[data-unread-line]')).length).toBe(1)
  await lab.lab((side) => side.show('other'))
  await lab.page.waitForSelector('[data-composer="other"]')
  await lab.lab((side) => side.show('unread12'))
  await lab.page.waitForSelector('[data-composer="unread12"]')
  await rest(lab)
  expect(await below()).toBeUndefined()
})

test('UNR-03 own messages and messages read as they come never make a line', async () => {
  await using lab = await open('big')
  await lab.page.fill('.composer-field', 'của mình')
  await lab.page.press('.composer-field', 'Enter')
  await lab.lab((side) => side.handle('big').receive(3))
  await readUpTo(lab, 'big', 100_003)
  expect(await lab.page.$('[data-unread-line]')).toBeNull()
})

test('UNR-03 what comes while one looks away gets the line', async () => {
  await using lab = await open('big', { before: INATTENTIVE })
  await lab.lab((side) => side.handle('big').receive(2, 'lúc đi vắng'))
  await lab.page.waitForSelector('[data-unread-line]')
  expect((await drawnSeqs(lab)).at(-2)).toBe(100_001)
  expect(
    await lab.page.evaluate(() =>
      document.querySelector('[data-unread-line]')?.nextElementSibling?.getAttribute('data-seq'),
    ),
  ).toBe('100001')
})

test('UNR-04 with the line above the view a pill says how many since when, jumps, and is gone once it was seen', async () => {
  await using lab = await open('unread12', { height: 380 })
  const pill = await lab.page.waitForSelector(PILL)
  expect(await pill.textContent()).toMatch(/^12 tin chưa đọc từ \d\d[:/]\d\d/)
  await pill.click()
  await rest(lab)
  const line = (await (await lab.page.$('[data-unread-line]'))!.boundingBox())!
  const view = (await (await lab.page.$(VIEW))!.boundingBox())!
  expect(line.y).toBeGreaterThan(view.y)
  expect(line.y).toBeLessThan(view.y + view.height)
  expect(await lab.page.$(PILL)).toBeNull()
  await scrollAndRest(lab, 5_000)
  expect(await lab.page.$(PILL)).toBeNull()
})

test('UNR-04 the pill’s cross marks everything as read', async () => {
  await using lab = await open('unread12', { height: 380 })
  await lab.page.waitForSelector(PILL)
  await lab.page.click('button[aria-label="Đánh dấu đã đọc"]')
  await lab.frames()
  expect(await lab.page.$(PILL)).toBeNull()
  expect((await reads(lab, 'unread12')).at(-1)).toBe(500)
})

test('UNR-05 10,000 unread open at the newest with the pill; Jump lands on the exact first one', async () => {
  await using lab = await open('unread10k')
  expect(await toEnd(lab)).toBe(0)
  const pill = await lab.page.waitForSelector(PILL)
  expect(await pill.textContent()).toBe('99+ tin chưa đọc')
  await pill.click()
  await lab.page.waitForSelector('[data-unread-line]')
  await lab.frames()
  const first = await lab.page.evaluate(() =>
    Number(document.querySelector('[data-unread-line]')?.nextElementSibling?.getAttribute('data-seq')),
  )
  // 10,001 is the first seq after the read position; the row below the line is the first of somebody else.
  expect(first).toBe(
    await lab.lab((side) =>
      [10_001, 10_002, 10_003].find((seq) => {
        const item = side.handle('unread10k').log.at(seq)
        return item.type === 'message' && item.from !== 'u_truc'
      })!,
    ),
  )
})

const LEFT_OFF = `localStorage.setItem('tam.openAt', 'left-off')`

/** Where the line is in the view, 0 to 1 from the top, and the seq of the row below it. */
function lineAt({ page }: LabPage): Promise<{ place: number; seq: number }> {
  return page.evaluate(() => {
    const line = document.querySelector('[data-unread-line]') as Element
    const view = document.querySelector('[data-timeline-view]') as Element
    const { top, height } = view.getBoundingClientRect()
    return {
      place: (line.getBoundingClientRect().top - top) / height,
      seq: Number(line.nextElementSibling?.getAttribute('data-seq')),
    }
  })
}

test('UNR-05 set to “where I left off”: 10,000 unread open at the exact first one, without a pill', async () => {
  await using lab = await open('unread10k', { before: LEFT_OFF })
  await lab.page.waitForSelector('[data-unread-line]')
  const { place, seq } = await lineAt(lab)
  expect(seq).toBeGreaterThan(10_000)
  expect(seq).toBeLessThan(10_004)
  expect(place).toBeGreaterThan(0.1)
  expect(place).toBeLessThan(0.4)
  expect(await lab.page.$(PILL)).toBeNull()
  expect(await toEnd(lab)).toBeGreaterThan(0)
})

test('UNR-05 set to “where I left off”: what is read opens at the end', async () => {
  await using lab = await open('big', { before: LEFT_OFF })
  expect(await toEnd(lab)).toBe(0)
})

test('UNR-05 set to “where I left off”: what was missed while away is shown from its beginning once it comes', async () => {
  await using lab = await open('other', { before: LEFT_OFF })
  await missWhileAway(lab, () => Promise.resolve())
  const { place, seq } = await lineAt(lab)
  expect(seq).toBe(100_001)
  expect(place).toBeLessThan(0.4)
  expect(await toEnd(lab)).toBeGreaterThan(0)
})

test('UNR-05 set to “where I left off”: somebody who has scrolled meanwhile stays where they are', async () => {
  await using lab = await open('other', { before: LEFT_OFF })
  let before: number[] = []
  await missWhileAway(lab, async () => {
    await scrollAndRest(lab, -300)
    before = await drawnSeqs(lab)
  })
  expect(before).toContain((await drawnSeqs(lab))[0]!)
  expect(await lab.page.$(PILL)).toBeNull()
  expect(await lab.page.isVisible('button[aria-label^="Đến tin mới nhất"]')).toBe(true)
  const line = await lineAt(lab)
  expect(line.place).toBeGreaterThan(0.4)
})

/** Opens `big` offline, does `meanwhile`, then is online again and gets 60 messages. */
async function missWhileAway(lab: LabPage, meanwhile: () => Promise<void>): Promise<void> {
  await lab.lab((side) => {
    side.connection.set({ status: 'waiting', since: 0, retryAt: 0, attempt: 1, reason: 'offline' })
    side.show('big')
  })
  await rest(lab)
  await meanwhile()
  await lab.lab((side) => {
    side.handle('big').receive(60)
    side.connection.set({ status: 'connected', since: 0 })
  })
  await lab.page.waitForSelector('[data-unread-line]')
  await rest(lab)
}

for (const [locale, today, yesterday] of [
  ['vi', 'Hôm nay, 22 tháng 11', 'Hôm qua, 22 tháng 11'],
  ['en', 'Today, November 22', 'Yesterday, November 22'],
] as const) {
  test(`TL-15 at midnight today becomes yesterday and a new day begins, ${locale}`, async () => {
    // 23:59:50 in Hồ Chí Minh City.
    await using lab = await open('few', { locale, now: '2026-11-22T16:59:50Z' })
    const days = () =>
      lab.page.$$eval('[data-day]', (lines) => lines.map((line) => line.getAttribute('aria-label')))
    expect((await days()).at(-1)).toBe(today)
    await lab.page.clock.fastForward(15_000)
    await lab.lab((side) => side.handle('few').receive(1, 'chào ngày mới'))
    await lab.page.waitForFunction(
      (expected) =>
        [...document.querySelectorAll('[data-day]')].at(-1)?.getAttribute('aria-label') === expected,
      today.replace('22', '23'),
    )
    expect((await days()).at(-2)).toBe(yesterday)
  })
}

test('TL-15 days are divided and named; the date shows while scrolling and hides a second after', async () => {
  // Midnight is among the rows that are drawn.
  await using lab = await open('big', { now: '2026-11-22T01:00:00+07:00' })
  await scrollAndRest(lab, -1_500)
  const pill = lab.page.locator('[data-day-pill]')
  expect(await pill.textContent()).toMatch(/Hôm nay|Hôm qua/)
  await lab.page.waitForFunction(() => document.querySelector('[data-day-pill]')?.textContent === '')
  const days = await lab.page.$$eval('[data-day]', (lines) => lines.map((line) => line.textContent))
  expect(days.length).toBeGreaterThan(0)
})
