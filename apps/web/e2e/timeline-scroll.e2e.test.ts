import { afterAll, expect, test } from 'bun:test'
import { closeBrowser, openLab, type LabPage } from './browser.ts'
import {
  drawnSeqs,
  middleRow,
  nodeCount,
  rest,
  ROW,
  scrollAndRest,
  still,
  toEnd,
  topOf,
  VIEW,
  visibleRows,
  watchDrift,
  wheel,
} from './timeline-probe.ts'

afterAll(closeBrowser)

async function open(show: string, options: Partial<Parameters<typeof openLab>[0]> = {}): Promise<LabPage> {
  const lab = await openLab({ show, ...options })
  await lab.page.waitForSelector(ROW)
  await rest(lab)
  return lab
}

for (const show of ['big', 'mixed']) {
  test(`TL-01 TL-02 20 pages up in ${show} at full wheel speed: the row under the pointer moves at most 1 px`, async () => {
    await using lab = await open(show)
    const drift = await watchDrift(lab)
    const pages = () => lab.lab((side, id: string) => side.handle(id).pages.length, show)
    for (let turn = 0; (await pages()) < 21 && turn < 600; turn++) {
      await wheel(lab, -1_500)
      await lab.frames(1)
    }
    await rest(lab)
    const { drifts, maxNodes } = await drift()
    expect(await pages()).toBeGreaterThan(20)
    expect(drifts.length).toBeGreaterThan(20)
    expect(Math.max(...drifts.map(Math.abs))).toBeLessThanOrEqual(1)
    expect(maxNodes).toBeLessThanOrEqual(1_500)
    expect(await lab.lab((side, id: string) => side.handle(id).maxInFlight, show)).toBe(1)
    expect(lab.errors).toEqual([])
  }, 60_000)
}

test('TL-01 a page that arrives while nothing scrolls moves nothing', async () => {
  await using lab = await open('mixed')
  await lab.lab((side) => (side.handle('mixed').server.pageMs = 900))
  for (let turn = 0; turn < 3; turn++) {
    while ((await lab.page.$('[data-edge="loading"]')) === null) {
      await wheel(lab, -20_000)
      await still(lab)
    }
    const before = await middleRow(lab)
    await rest(lab)
    expect(Math.abs((await topOf(lab, before.key))! - before.top)).toBeLessThanOrEqual(1)
  }
})

test('TL-03 one gesture to the top: one request, and no other before the next gesture', async () => {
  await using lab = await open('big')
  const pages = () => lab.lab((side) => side.handle('big').pages.filter((page) => page === 'before').length)
  const gesture = async () => {
    for (let tick = 0; tick < 10; tick++) {
      await lab.page.mouse.wheel(0, -800)
    }
    await rest(lab)
  }
  // Longer than a gesture: all of it happens while the page is on its way.
  await lab.lab((side) => (side.handle('big').server.pageMs = 1_500))
  await wheel(lab, -10)
  await gesture()
  expect(await pages()).toBe(1)
  await lab.page.waitForTimeout(300)
  expect(await pages()).toBe(1)
  for (let more = 0; (await pages()) === 1 && more < 4; more++) {
    await gesture()
  }
  expect(await pages()).toBe(2)
  expect(await lab.lab((side) => side.handle('big').maxInFlight)).toBe(1)
}, 30_000)

test('TL-04 30,000 rows up, End shows the newest message three frames after its data', async () => {
  await using lab = await open('big')
  await lab.lab((side) => side.show('big', 70_000))
  await lab.page.waitForSelector(`${VIEW} [data-seq="70000"]`)
  await rest(lab)
  expect(await nodeCount(lab)).toBeLessThanOrEqual(1_500)
  await lab.page.focus(`${VIEW} [data-seq="70000"]`)
  const frames = await lab.page.evaluate(async () => {
    const { lab } = window as unknown as { lab: { handle(id: string): { inFlight: number } } }
    document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }))
    await new Promise(requestAnimationFrame)
    while (lab.handle('big').inFlight > 0) {
      await new Promise(requestAnimationFrame)
    }
    let count = 0
    for (; document.querySelector('[data-seq="100000"]') === null; count++) {
      await new Promise(requestAnimationFrame)
    }
    return count
  })
  // Far less than 300 ms at 60 frames a second; a busy machine has longer frames and not more of them.
  expect(frames).toBeLessThanOrEqual(3)
  expect(await toEnd(lab)).toBe(0)
  expect(await nodeCount(lab)).toBeLessThanOrEqual(1_500)
  expect(await lab.page.evaluate(() => document.activeElement?.getAttribute('data-seq'))).toBe('100000')
})

test('TL-05 at the end, 50 messages one by one and 50 at once: 0 px to the end after every frame', async () => {
  await using lab = await open('big')
  const distances = await lab.page.evaluate(async () => {
    const { lab } = window as unknown as { lab: { handle(id: string): { receive(count: number): void } } }
    const view = document.querySelector('[data-timeline-view]')!
    const seen: number[] = []
    const frame = () =>
      new Promise<void>((resolve) => {
        // After this frame's callbacks, before the next one.
        requestAnimationFrame(() => setTimeout(resolve))
      })
    for (let turn = 0; turn < 51; turn++) {
      lab.handle('big').receive(turn === 50 ? 50 : 1)
      await frame()
      seen.push(view.scrollHeight - view.clientHeight - view.scrollTop)
    }
    return seen
  })
  expect(new Set(distances)).toEqual(new Set([0]))
  expect((await drawnSeqs(lab)).at(-1)).toBe(100_100)
})

test('TL-06 scrolled up, arrivals move nothing and are counted exactly, without own ones', async () => {
  await using lab = await open('big')
  await scrollAndRest(lab, -300)
  const before = await middleRow(lab)
  await lab.lab((side) => side.handle('big').receive(3))
  await lab.frames()
  await lab.lab((side) => {
    side.handle('big').log.append('u_truc', 'từ máy khác')
    side.handle('big').receive(2)
  })
  await lab.frames()
  expect(await topOf(lab, before.key)).toBe(before.top)
  expect(await lab.page.textContent('button[aria-label^="Đến tin mới nhất"]')).toBe('5')
  await lab.page.click('button[aria-label^="Đến tin mới nhất"]')
  await rest(lab)
  expect(await toEnd(lab)).toBe(0)
  expect(await lab.page.$('button[aria-label^="Đến tin mới nhất"]')).toBeNull()
})

test('TL-06 a conversation that opens where it was left counts nothing that was read', async () => {
  await using lab = await open('big')
  await scrollAndRest(lab, -2_000)
  await lab.lab((side) => side.show('other'))
  await lab.page.waitForSelector('main[aria-label="other"] ' + ROW)
  await lab.lab((side) => side.show('big'))
  const button = lab.page.locator('button[aria-label^="Đến tin mới nhất"]')
  await button.waitFor()
  await rest(lab)
  expect(await button.textContent()).toBe('')
  await lab.lab((side) => side.handle('big').receive(2))
  await lab.frames()
  expect(await button.textContent()).toBe('2')
})

test('TL-06 less than 50 px above the end the view still follows', async () => {
  await using lab = await open('big')
  await scrollAndRest(lab, -30)
  // In the page: after the timer of the same length that takes the scrolling for done.
  await lab.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)))
  expect(await toEnd(lab)).toBeGreaterThan(0)
  await lab.lab((side) => side.handle('big').receive(1))
  await lab.frames()
  expect(await toEnd(lab)).toBe(0)
})

test('TL-06 a flood does not hold the view at the end against the wheel', async () => {
  await using lab = await open('big')
  await lab.lab((side) => {
    const timer = setInterval(() => side.handle('big').receive(2), 16)
    setTimeout(() => clearInterval(timer), 3_000)
  })
  for (let turn = 0; turn < 6; turn++) {
    await wheel(lab, -120)
    await lab.frames(3)
  }
  const before = await middleRow(lab)
  await lab.page.waitForTimeout(300)
  expect(await topOf(lab, before.key)).toBe(before.top)
  expect(await toEnd(lab)).toBeGreaterThan(300)
})

test('TL-06 dragging the scrollbar lets go of the end too', async () => {
  await using lab = await open('big')
  await lab.page.evaluate(() => (document.querySelector('[data-timeline-view]')!.scrollTop -= 200))
  await lab.frames()
  const before = await middleRow(lab)
  await lab.lab((side) => side.handle('big').receive(3))
  await lab.frames()
  expect(await topOf(lab, before.key)).toBe(before.top)
})

test('TL-07 sending while scrolled up goes to the live end in the next frame', async () => {
  await using lab = await open('big')
  await scrollAndRest(lab, -2_000)
  await lab.page.fill('.composer-field', 'em về tới rồi')
  await lab.page.press('.composer-field', 'Enter')
  await lab.frames(2)
  expect(await toEnd(lab)).toBe(0)
  expect(await lab.page.textContent(`${ROW}:last-of-type .message-text`)).toContain('em về tới rồi')
})

test('TL-07 sending while the live page is not even loaded goes there too', async () => {
  await using lab = await open('big')
  await lab.lab((side) => side.show('big', 50_000))
  await lab.page.waitForSelector(`${VIEW} [data-seq="50000"]`)
  await rest(lab)
  await lab.page.fill('.composer-field', 'chào')
  await lab.page.press('.composer-field', 'Enter')
  await lab.page.waitForSelector(`${VIEW} [data-seq="100001"]`)
  await lab.frames()
  expect(await toEnd(lab)).toBe(0)
})

test('TL-08 a message above the view that grows moves no visible row', async () => {
  await using lab = await open('big')
  await scrollAndRest(lab, -400)
  const seqs = await drawnSeqs(lab)
  const before = await visibleRows(lab)
  await lab.lab((side, seq: number) => side.handle('big').edit(seq, 'dài hơn\n'.repeat(12)), seqs[3]!)
  await lab.frames()
  expect(await visibleRows(lab)).toEqual(before)
})

test('TL-09 a composer of 8 lines and a smaller window keep the bottom-most row; pinned stays pinned', async () => {
  await using lab = await open('mixed')
  await lab.page.fill('.composer-field', 'một\n'.repeat(8))
  await lab.frames()
  expect(await toEnd(lab)).toBe(0)
  await lab.page.setViewportSize({ width: 700, height: 600 })
  await lab.frames()
  expect(await toEnd(lab)).toBe(0)
  await scrollAndRest(lab, -700)
  const before = (await visibleRows(lab)).at(-1)!
  await lab.page.fill('.composer-field', '')
  await lab.page.setViewportSize({ width: 1_000, height: 800 })
  await lab.frames()
  expect((await visibleRows(lab)).at(-1)!.key).toBe(before.key)
})

test('TL-10 the scrollbar takes its room whether it shows or not', async () => {
  await using lab = await open('few')
  expect(
    await lab.page.evaluate(
      () => getComputedStyle(document.querySelector('[data-timeline-view]')!).scrollbarGutter,
    ),
  ).toBe('stable')
})

test('OFF-06 1,000 missed messages at once: no task over 100 ms, and the view stays where it was', async () => {
  await using lab = await open('big')
  const before = await visibleRows(lab)
  const longest = await lab.page.evaluate(async () => {
    const tasks: number[] = []
    new PerformanceObserver((list) =>
      tasks.push(...list.getEntries().map((entry) => entry.duration)),
    ).observe({
      type: 'longtask',
    })
    const { lab } = window as unknown as { lab: { handle(id: string): { receive(count: number): void } } }
    lab.handle('big').receive(1_000)
    await new Promise((resolve) => setTimeout(resolve, 500))
    return Math.max(0, ...tasks)
  })
  expect(longest).toBeLessThanOrEqual(100)
  const last = before.at(-1)!
  expect(await topOf(lab, last.key)).toBe(last.top)
  expect(await lab.page.textContent('button[aria-label^="Đến tin mới nhất"]')).toBe('99+')
})

test('M1 the rows in the DOM stay bounded while 100,000 are browsed both ways', async () => {
  await using lab = await open('big')
  let most = 0
  for (const direction of [-1, 1]) {
    for (let turn = 0; turn < 25; turn++) {
      await wheel(lab, direction * 5_000)
      await lab.frames(2)
      most = Math.max(most, await nodeCount(lab))
    }
  }
  expect(most).toBeLessThanOrEqual(1_500)
  expect((await lab.page.$$(ROW)).length).toBeLessThanOrEqual(120)
}, 30_000)
