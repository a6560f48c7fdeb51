/* What the timeline tests look at. */
import { must } from '@tam/util'
import type { LabPage } from './browser.ts'

export const VIEW = '[data-timeline-view]'
export const ROW = `${VIEW} [data-key]`

/** Distance of the view to the end, pixels. */
export function toEnd({ page }: LabPage): Promise<number> {
  return page.evaluate(() => {
    const view = document.querySelector('[data-timeline-view]') as Element
    return view.scrollHeight - view.clientHeight - view.scrollTop
  })
}

/** Longer than a busy machine takes to turn a wheel event into scrolling; waited for only where nothing can move. */
const WHEEL_MS = 600

/** One turn of the wheel; resolves when the view has begun to move, or cannot. */
export async function wheel({ page }: LabPage, deltaY: number): Promise<void> {
  await page.mouse.move(500, 300)
  const moved = page.evaluate(
    async ([delta, patience]) => {
      const view = document.querySelector('[data-timeline-view]') as Element
      const from = view.scrollTop
      const room = delta < 0 ? from : view.scrollHeight - view.clientHeight - from
      const state = { turned: false }
      window.addEventListener('wheel', () => (state.turned = true), { once: true })
      const until = performance.now() + patience
      const done = (): boolean => (view.scrollTop - from) * delta > 0 || (state.turned && room < 1)
      while (performance.now() < until && !done()) {
        await new Promise(requestAnimationFrame)
      }
    },
    [deltaY, WHEEL_MS] as const,
  )
  await page.mouse.wheel(0, deltaY)
  await moved
}

/** Scrolls and waits until nothing moves and nothing is being fetched. */
export async function scrollAndRest(lab: LabPage, deltaY: number): Promise<void> {
  await wheel(lab, deltaY)
  await rest(lab)
}

/** Waits until nothing moves and nothing is being fetched. */
export function rest(lab: LabPage): Promise<void> {
  return settled(lab, false)
}

/** Waits until nothing moves. */
export function still(lab: LabPage): Promise<void> {
  return settled(lab, true)
}

async function settled({ page }: LabPage, whileLoading: boolean): Promise<void> {
  await page.evaluate(async (mayLoad) => {
    const view = document.querySelector('[data-timeline-view]') as Element
    let last = NaN
    let frames = 0
    while (frames < 8) {
      await new Promise(requestAnimationFrame)
      const loading = !mayLoad && view.querySelector('[data-edge="loading"]') !== null
      frames = view.scrollTop === last && !loading ? frames + 1 : 0
      last = view.scrollTop
    }
  }, whileLoading)
}

export interface SeenRow {
  readonly key: string
  readonly top: number
  readonly bottom: number
}

/** Rows on the screen, top to bottom. */
export function visibleRows({ page }: LabPage): Promise<SeenRow[]> {
  return page.evaluate(() => {
    const frame = (document.querySelector('[data-timeline-view]') as Element).getBoundingClientRect()
    return [...document.querySelectorAll<HTMLElement>('[data-timeline-view] [data-key]')]
      .map((row) => ({ key: row.dataset['key'] ?? '', ...row.getBoundingClientRect().toJSON() }))
      .filter(({ top, bottom }) => bottom > frame.top && top < frame.bottom)
      .map(({ key, top, bottom }) => ({ key, top, bottom }))
  })
}

export async function middleRow(lab: LabPage): Promise<SeenRow> {
  const rows = await visibleRows(lab)
  return must(rows[Math.floor(rows.length / 2)], 'a row on the screen')
}

export function topOf({ page }: LabPage, key: string): Promise<number | undefined> {
  return page.evaluate(
    (wanted) => document.querySelector(`[data-key="${wanted}"]`)?.getBoundingClientRect().top,
    key,
  )
}

/** Seqs of the rows in the DOM, in order. */
export function drawnSeqs({ page }: LabPage): Promise<number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-timeline-view] [data-seq]')].map((row) =>
      Number(row.dataset['seq']),
    ),
  )
}

export function nodeCount({ page }: LabPage): Promise<number> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector('[data-timeline-view]') as Element)
    let count = 1
    while (walker.nextNode() !== null) {
      count++
    }
    return count
  })
}

/**
 * From now on notes, for every change of the rows, how far the row in the middle of the view moved by it: measured
 * before the first mutation and after the last layout effect, so that scrolling meanwhile does not count.
 */
export async function watchDrift({
  page,
}: LabPage): Promise<() => Promise<{ drifts: number[]; maxNodes: number }>> {
  await page.evaluate(() => {
    const view = document.querySelector('[data-timeline-view]') as Element
    const content = view.querySelector('.timeline-content') as Element
    const noted = { drifts: [] as number[], maxNodes: 0 }
    Object.assign(window, { noted })
    let before: { row: Element; top: number } | undefined
    const look = () => {
      const frame = view.getBoundingClientRect()
      const middle = frame.top + frame.height / 2
      const row = [...content.querySelectorAll('[data-key]')].find(
        (one) => one.getBoundingClientRect().bottom > middle,
      )
      before = row === undefined ? undefined : { row, top: row.getBoundingClientRect().top }
    }
    for (const method of ['insertBefore', 'removeChild', 'appendChild'] as const) {
      const original = content[method].bind(content) as (...nodes: Node[]) => Node
      Object.assign(content, {
        [method]: (...nodes: Node[]) => {
          if (before === undefined) {
            look()
          }
          return original(...nodes)
        },
      })
    }
    new MutationObserver(() => {
      if (before?.row.isConnected === true) {
        noted.drifts.push(before.row.getBoundingClientRect().top - before.top)
      }
      before = undefined
      noted.maxNodes = Math.max(noted.maxNodes, view.querySelectorAll('*').length)
    }).observe(content, { childList: true })
  })
  return () =>
    page.evaluate(() => (window as unknown as { noted: { drifts: number[]; maxNodes: number } }).noted)
}
