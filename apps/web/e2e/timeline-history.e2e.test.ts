import { afterAll, expect, test } from 'bun:test'
import { closeBrowser, openLab, type LabPage } from './browser.ts'
import {
  drawnSeqs,
  middleRow,
  rest,
  ROW,
  scrollAndRest,
  toEnd,
  topOf,
  VIEW,
  visibleRows,
  wheel,
} from './timeline-probe.ts'

afterAll(closeBrowser)

async function open(show: string, options: Partial<Parameters<typeof openLab>[0]> = {}): Promise<LabPage> {
  const lab = await openLab({ show, ...options })
  await lab.page.waitForSelector(ROW)
  await rest(lab)
  return lab
}

test('TL-11 a failed page says so at its edge, waits for Retry and keeps the place', async () => {
  await using lab = await open('big')
  await lab.lab((side) => (side.handle('big').server.pages = 'fail'))
  await scrollAndRest(lab, -100_000)
  await lab.page.waitForSelector('[data-edge="failed"]')
  expect(await lab.page.textContent('[data-edge="failed"]')).toBe('Không tải được tin nhắn.Thử lại')
  const asked = await lab.lab((side) => side.handle('big').pages.length)
  await scrollAndRest(lab, -500)
  await lab.page.waitForTimeout(300)
  expect(await lab.lab((side) => side.handle('big').pages.length)).toBe(asked)
  await lab.lab((side) => (side.handle('big').server.pages = 'answer'))
  const before = await middleRow(lab)
  await lab.page.click('[data-edge="failed"] button')
  await rest(lab)
  expect(Math.abs((await topOf(lab, before.key))! - before.top)).toBeLessThanOrEqual(1)
  expect((await drawnSeqs(lab))[0]).toBeLessThan(99_951)
})

test('TL-12 from a jump down to the live end: every seq once, in order', async () => {
  await using lab = await open('unread12')
  await lab.lab((side) => side.show('unread12', 120))
  await lab.page.waitForSelector(`${VIEW} [data-seq="120"]`)
  await rest(lab)
  const seen = new Set<number>()
  for (let turn = 0; turn < 200 && !seen.has(500); turn++) {
    const seqs = await drawnSeqs(lab)
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => seqs[0]! + index))
    seqs.forEach((seq) => seen.add(seq))
    await wheel(lab, 900)
    await lab.frames(3)
  }
  expect([...seen].filter((seq) => seq >= 120)).toHaveLength(381)
}, 30_000)

test('NAV-04 a link to a message centres and marks it', async () => {
  await using lab = await open('big')
  await lab.lab((side) => side.show('big', 40_000))
  const row = await lab.page.waitForSelector('.message-highlighted')
  await lab.frames()
  const box = (await row.boundingBox())!
  const view = (await (await lab.page.$(VIEW))!.boundingBox())!
  expect(await row.getAttribute('data-seq')).toBe('40000')
  expect(Math.abs(box.y + box.height / 2 - (view.y + view.height / 2))).toBeLessThan(40)
  await lab.page.waitForSelector('.message-highlighted', { state: 'detached', timeout: 4_000 })
})

test('TL-13 NAV-03 a conversation left scrolled up opens there again, to the pixel', async () => {
  await using lab = await open('big')
  await scrollAndRest(lab, -3_000)
  const before = await visibleRows(lab)
  await lab.lab((side) => side.show('other'))
  await lab.page.waitForSelector('[data-composer="other"]')
  await rest(lab)
  expect(await toEnd(lab)).toBe(0)
  await lab.lab((side) => side.show('big'))
  await lab.page.waitForSelector('[data-composer="big"]')
  await lab.frames()
  const after = await visibleRows(lab)
  expect(after.at(-1)!.key).toBe(before.at(-1)!.key)
  expect(Math.abs(after.at(-1)!.bottom - before.at(-1)!.bottom)).toBeLessThanOrEqual(1)
})

test('NAV-05 a conversation that is loaded is painted in the next frame, without a skeleton', async () => {
  await using lab = await open('big')
  for (let turn = 0; turn < 3; turn++) {
    await lab.lab((side) => side.show('other'))
    await rest(lab)
    const rows = await lab.page.evaluate(async () => {
      const { lab } = window as unknown as { lab: { show(id: string): void } }
      lab.show('big')
      await new Promise(requestAnimationFrame)
      return document.querySelectorAll('[data-timeline-view] [data-key]').length
    })
    expect(rows).toBeGreaterThan(20)
  }
})
