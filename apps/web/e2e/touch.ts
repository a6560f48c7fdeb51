import type { Page } from 'playwright-core'

interface Point {
  readonly x: number
  readonly y: number
}

/** A finger on the screen. Speed is real time: `rest` keeps it still for long enough to be no flick. */
export interface Finger {
  move(to: Point): Promise<void>
  rest(): Promise<void>
  lift(): Promise<void>
}

const STEPS = 4
/** Longer than the time a flick is measured over. */
const REST_MS = 120

/** Puts a finger down at `from`. */
export async function swipe(page: Page, from: Point): Promise<Finger> {
  const cdp = await page.context().newCDPSession(page)
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: Point) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [at] })
  let at = from
  await touch('touchStart', at)
  return {
    async move(to) {
      for (let step = 1; step <= STEPS; step++) {
        const part = step / STEPS
        await touch('touchMove', { x: at.x + (to.x - at.x) * part, y: at.y + (to.y - at.y) * part })
      }
      at = to
    },
    async rest() {
      await page.waitForTimeout(REST_MS)
      await touch('touchMove', { x: at.x + 1, y: at.y })
    },
    async lift() {
      await touch('touchEnd')
      await cdp.detach()
    },
  }
}
