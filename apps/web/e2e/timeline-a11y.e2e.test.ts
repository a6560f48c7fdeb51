import { afterAll, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { closeBrowser, openLab, type LabPage } from './browser.ts'
import { FIELD } from './keyboard.ts'
import { drawnSeqs, rest, ROW, scrollAndRest, VIEW } from './timeline-probe.ts'

afterAll(closeBrowser)

async function open(show = 'big', options: Partial<Parameters<typeof openLab>[0]> = {}): Promise<LabPage> {
  const lab = await openLab({ show, ...options })
  await lab.page.waitForSelector(ROW)
  await rest(lab)
  return lab
}

const focusedSeq = (lab: LabPage): Promise<number> =>
  lab.page.evaluate(() => Number((document.activeElement as HTMLElement).dataset['seq'] ?? 0))
const said = (lab: LabPage): Promise<(string | null)[]> =>
  lab.page.$$eval('[role="log"] p', (lines) => lines.map((line) => line.textContent))

for (const theme of ['light', 'dark'] as const) {
  for (const locale of ['vi', 'en'] as const) {
    test(`A11-01 axe finds nothing in the conversation, ${theme}, ${locale}`, async () => {
      await using lab = await open('unread12', { theme, locale })
      await lab.lab((side) => {
        side.handle('unread12').server.acks = 'fail'
        side.handle('unread12').typing.set(['u_huong'])
        side.drafts.setReply('unread12', 495)
      })
      await lab.page.fill(FIELD, 'tin sẽ hỏng')
      await lab.page.press(FIELD, 'Enter')
      await lab.page.waitForSelector('.failed-action')
      await lab.page.fill(FIELD, 'ữ'.repeat(3_950))
      await lab.page.hover(`${VIEW} [data-seq="498"]`)
      await lab.page.addScriptTag({
        content: await readFile(Bun.resolveSync('axe-core/axe.min.js', import.meta.dir), 'utf8'),
      })
      const violations = await lab.page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
        }
        const result = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
        return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
      })
      expect(violations).toEqual([])
    }, 30_000)
  }
}

test('A11-03 the timeline is one tab stop; arrows, PageUp, Home and End move inside it', async () => {
  await using lab = await open()
  expect((await lab.page.$$(`${VIEW} [tabindex="0"]`)).length).toBe(1)
  await lab.page.focus(FIELD)
  await lab.page.keyboard.press('Shift+Tab')
  expect(await focusedSeq(lab)).toBe(100_000)
  await lab.page.keyboard.press('ArrowUp')
  expect(await focusedSeq(lab)).toBe(99_999)
  await lab.page.keyboard.press('ArrowDown')
  expect(await focusedSeq(lab)).toBe(100_000)
  await lab.page.keyboard.press('PageUp')
  const up = await focusedSeq(lab)
  expect(up).toBeLessThan(99_995)
  await lab.page.keyboard.press('PageDown')
  expect(await focusedSeq(lab)).toBeGreaterThan(up)
  await lab.page.keyboard.press('Home')
  await lab.page.waitForFunction(() => (document.activeElement as HTMLElement).dataset['seq'] === '1')
  await lab.page.keyboard.press('End')
  await lab.page.waitForFunction(() => (document.activeElement as HTMLElement).dataset['seq'] === '100000')
})

test('A11-03 the pointer over a message adds no tab stop', async () => {
  await using lab = await open()
  await lab.page.hover(`${VIEW} [data-seq="99998"]`)
  await lab.page.waitForSelector(`${VIEW} [data-seq="99998"] [role="group"]`)
  await lab.page.focus(FIELD)
  await lab.page.keyboard.press('Shift+Tab')
  expect(await focusedSeq(lab)).toBe(100_000)
  await lab.page.keyboard.press('Shift+Tab')
  expect(await lab.page.evaluate((view) => document.activeElement?.closest(view) ?? null, VIEW)).toBe(null)
})

test('A11-03 holding ArrowUp crosses pages without losing the focus or a message', async () => {
  await using lab = await open()
  await lab.page.focus(`${VIEW} [data-seq="100000"]`)
  for (let expected = 99_999; expected > 99_860; expected--) {
    await lab.page.keyboard.press('ArrowUp')
    if ((await focusedSeq(lab)) !== expected) {
      // At the loaded edge: the page is on its way.
      await rest(lab)
      await lab.page.keyboard.press('ArrowUp')
    }
    expect(await focusedSeq(lab)).toBe(expected)
  }
}, 30_000)

test('A11-03 a focused row that is scrolled out of the DOM and back has the focus again', async () => {
  await using lab = await open()
  await lab.page.focus(`${VIEW} [data-seq="100000"]`)
  while ((await drawnSeqs(lab)).includes(100_000)) {
    await scrollAndRest(lab, -4_000)
  }
  expect(await lab.page.evaluate(() => document.activeElement?.className)).toContain('timeline-content')
  while (!(await drawnSeqs(lab)).includes(100_000)) {
    await scrollAndRest(lab, 4_000)
  }
  await lab.frames()
  expect(await focusedSeq(lab)).toBe(100_000)
}, 30_000)

test('A11-04 a message that arrives is said once; own ones, pages and history are not', async () => {
  await using lab = await open()
  await lab.lab((side) => side.handle('big').receive(1, 'Chào cả nhà'))
  await lab.frames()
  expect(await said(lab)).toEqual(['Hường: Chào cả nhà'])
  await lab.page.fill(FIELD, 'của mình')
  await lab.page.press(FIELD, 'Enter')
  await scrollAndRest(lab, -100_000)
  await lab.page.waitForTimeout(1_200)
  expect(await said(lab)).toEqual(['Hường: Chào cả nhà'])
})

test('A11-05 a hundred messages in a second are said in a few sentences', async () => {
  await using lab = await open()
  await lab.lab((side) => {
    let left = 100
    const timer = setInterval(() => {
      side.handle('big').receive(1)
      if (--left === 0) {
        clearInterval(timer)
      }
    }, 10)
  })
  const deadline = performance.now() + 15_000
  let lines = await said(lab)
  while (countSaid(lines) < 100 && performance.now() < deadline) {
    await lab.frames(10)
    lines = await said(lab)
  }
  expect(countSaid(lines)).toBe(100)
  expect(lines.length).toBeLessThanOrEqual(5)
})

/** Messages that the sentences speak of: a lone one is said as it is, several as a count. */
function countSaid(lines: readonly (string | null)[]): number {
  return lines.reduce((sum, line) => sum + Number(/^(\d+) tin nhắn mới$/.exec(line ?? '')?.[1] ?? 1), 0)
}

test('A11-06 nothing of the rows is in a live region', async () => {
  await using lab = await open()
  expect(await lab.page.$(`[role="log"] ${ROW}, [aria-live] ${ROW}, ${ROW} [aria-live]`)).toBeNull()
  expect(await lab.page.$(`${VIEW}[role="log"], ${VIEW} [role="log"]`)).toBeNull()
})

test('A11-07 a message is named by author, whole text, time and state', async () => {
  await using lab = await open('few')
  const names = await lab.page.$$eval('[data-timeline-view] article', (rows) =>
    rows.map((row) => row.getAttribute('aria-label')),
  )
  expect(names[0]).toMatch(/^Phạm Thu Hường đã tạo “Về Huế dịp Tết”\. \d\d:\d\d$/)
  expect(names[1]).toMatch(/^Phạm Thu Hường đã thêm bạn\./)
  await lab.page.fill(FIELD, 'em tới rồi')
  await lab.page.press(FIELD, 'Enter')
  const row = await lab.page.waitForSelector(`${ROW}:has([data-delivery="sent"]):has-text("em tới rồi")`)
  expect(await row.getAttribute('aria-label')).toMatch(/^Đặng Thanh Trúc: em tới rồi\. \d\d:\d\d, Đã gửi$/)
})

test('TL-19 hovering shows the actions within 50 ms, beside the first line; Tab reaches them', async () => {
  await using lab = await open()
  const hover = (seq: number) =>
    lab.page.evaluate(async (wanted) => {
      const row = document.querySelector<HTMLElement>(`[data-seq="${wanted}"]`)!
      let frames = 0
      row.dispatchEvent(new PointerEvent('pointerover', { pointerType: 'mouse', bubbles: true }))
      for (; row.querySelector('[role="group"]') === null; frames++) {
        await new Promise(requestAnimationFrame)
      }
      const bar = row.querySelector('[role="group"]')!.getBoundingClientRect()
      const line = row.querySelector('.message-text, h3')!.getBoundingClientRect()
      return {
        frames,
        overlap: Math.min(bar.bottom, line.top + 22) - Math.max(bar.top, line.top),
      }
    }, seq)
  const shown = [await hover(99_990), await hover(99_989), await hover(99_988), await hover(99_987)]
  // 50 ms at 60 frames a second; a busy machine has longer frames and not more of them.
  expect(Math.max(...shown.map(({ frames }) => frames))).toBeLessThanOrEqual(3)
  expect(Math.max(...shown.map(({ overlap }) => overlap))).toBeLessThanOrEqual(0)
  await lab.page.focus(`${VIEW} [data-seq="100000"]`)
  await lab.page.keyboard.press('Tab')
  await lab.page.waitForFunction(() => document.activeElement?.closest('[role="group"]') !== null)
  await lab.page.keyboard.press('Escape')
  expect(await focusedSeq(lab)).toBe(100_000)
})

test('TL-19 Reply puts the message above the field and the caret into it', async () => {
  await using lab = await open()
  await lab.page.hover(`${VIEW} [data-seq="99998"]`)
  await lab.page.click('button[aria-label="Trả lời"]')
  await lab.page.waitForSelector('[data-reply]')
  await lab.page.waitForFunction(() => document.activeElement?.classList.contains('composer-field') === true)
  await lab.page.keyboard.type('vâng ạ')
  await lab.page.keyboard.press('Enter')
  await lab.page.waitForSelector(`${ROW}:has-text("vâng ạ") button[data-tip="Xem tin gốc"]`)
})

test('a message that cannot be drawn does not take the others with it', async () => {
  await using lab = await open()
  await lab.lab((side) => side.handle('big').poison(99_995))
  await lab.page.waitForSelector('text=Không hiển thị được tin nhắn này.')
  expect((await lab.page.$$(ROW)).length).toBeGreaterThan(30)
  await lab.lab((side) => side.handle('big').receive(1, 'vẫn chạy'))
  await lab.page.waitForSelector(`${ROW}:has-text("vẫn chạy")`)
})

/** Counts what React renders, by component, as its developer tools would. */
const COUNT_RENDERS = `
  window.renders = {};
  const visit = (fiber) => {
    for (; fiber !== null; fiber = fiber.sibling) {
      const type = fiber.type?.type ?? fiber.type;
      const name = typeof type === 'function' ? type.name : undefined;
      if (name !== undefined && (fiber.flags & 1) !== 0 && (fiber.alternate === null || fiber.alternate !== fiber)) {
        renders[name] = (renders[name] ?? 0) + 1;
      }
      // Children of a fiber that bailed out are the old ones.
      if (fiber.alternate === null || fiber.child !== fiber.alternate.child) visit(fiber.child);
    }
  };
  window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
    supportsFiber: true, renderers: new Map(), inject: () => 1, onCommitFiberUnmount() {}, checkDCE() {},
    onCommitFiberRoot(_id, root) { visit(root.current.child) },
  };`

/** Resolves when nothing was rendered for a third of a second's frames. */
async function quiet(lab: LabPage, renders: () => Promise<Record<string, number>>): Promise<void> {
  do {
    await lab.frames(20)
  } while (Object.keys(await renders()).length > 0)
}

test('PRF-03 typing renders no message row; an arrival renders the new row and no other', async () => {
  await using lab = await open('big', { before: COUNT_RENDERS })
  const renders = () =>
    lab.page.evaluate(() => {
      const { renders } = window as unknown as { renders: Record<string, number> }
      const copy = { ...renders }
      for (const name of Object.keys(renders)) {
        delete renders[name]
      }
      return copy
    })
  const opened = await renders()
  expect(opened['MessageRow'] ?? 0).toBeGreaterThan(30)
  await lab.page.focus(FIELD)
  await quiet(lab, renders)
  await lab.page.keyboard.type('xin chào')
  await lab.frames()
  const typing = await renders()
  expect(typing['MessageRow'] ?? 0).toBe(0)
  expect(typing['RowList'] ?? 0).toBe(0)
  await lab.lab((side) => side.handle('big').receive(1))
  await lab.frames()
  // The new row, and the one that hands it the tab stop.
  expect((await renders())['MessageRow'] ?? 0).toBeLessThanOrEqual(2)
})

test('PRF-04 200 arrivals in one frame are drawn by one render', async () => {
  await using lab = await open('big', { before: COUNT_RENDERS })
  await lab.frames(20)
  const rendered = await lab.page.evaluate(async () => {
    const { lab, renders } = window as unknown as {
      lab: { handle(id: string): { receive(count: number): void } }
      renders: Record<string, number>
    }
    await new Promise(requestAnimationFrame)
    renders['RowList'] = 0
    for (let turn = 0; turn < 100; turn++) {
      lab.handle('big').receive(1)
    }
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
    return renders['RowList']
  })
  // One for the rows; the summary that changed with them may add one.
  expect(rendered).toBeLessThanOrEqual(2)
})
