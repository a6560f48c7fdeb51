import { afterAll, expect, test } from 'bun:test'
import { closeBrowser, openLab, type LabPage } from './browser.ts'
import { ROW } from './timeline-probe.ts'

afterAll(closeBrowser)

/** Selects from the `from`th letter of the first text to the `to`th of the last, and copies. */
async function copy(
  lab: LabPage,
  texts: readonly [string, string],
  from: number,
  to: number,
): Promise<string> {
  return lab.page.evaluate(
    ([first, last, start, end]) => {
      const nodeOf = (text: string) => {
        const walker = document.createTreeWalker(
          document.querySelector('[data-timeline-view]')!,
          NodeFilter.SHOW_TEXT,
        )
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          if (node.textContent === text) {
            return node
          }
        }
        throw new Error(`no text ${text}`)
      }
      document.getSelection()!.setBaseAndExtent(nodeOf(first), start, nodeOf(last), end)
      const data = new DataTransfer()
      const event = new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true })
      document.querySelector('.timeline-content')!.dispatchEvent(event)
      return event.defaultPrevented
        ? data.getData('text/plain')
        : `browser: ${document.getSelection()!.toString()}`
    },
    [...texts, from, to] as const,
  )
}

test('[TL-20] three messages are copied as text, with name and time once per group and nothing of the page', async () => {
  await using lab = await openLab({ show: 'few', now: '2026-11-22T07:00:00.000Z' })
  await lab.page.waitForSelector(ROW)
  await lab.lab((side) => {
    side.handle('few').receive(1, 'Chào cả nhà')
    side.handle('few').receive(1, 'Mai họp lúc 9:00 nhé')
    side.handle('few').receive(1, 'Dạ vâng ạ', 'u_dat')
  })
  await lab.frames(3)
  expect(await copy(lab, ['Chào cả nhà', 'Dạ vâng ạ'], 0, 9)).toBe(
    'Phạm Thu Hường, 14:00\nChào cả nhà\nMai họp lúc 9:00 nhé\n\nNgô Quang Đạt, 14:00\nDạ vâng ạ',
  )
  expect(await copy(lab, ['Mai họp lúc 9:00 nhé', 'Dạ vâng ạ'], 4, 7)).toBe(
    'Phạm Thu Hường, 14:00\nhọp lúc 9:00 nhé\n\nNgô Quang Đạt, 14:00\nDạ vâng',
  )
  expect(await copy(lab, ['Chào cả nhà', 'Chào cả nhà'], 0, 4)).toBe('browser: Chào')
})
