import { afterAll, expect, test } from 'bun:test'
import { closeBrowser, openLab, type LabPage } from './browser.ts'
import { FIELD } from './keyboard.ts'
import { ROW } from './timeline-probe.ts'

/* What is written and not sent. */

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
test('CMP-01 switching away and back keeps text and selection; the list shows the draft meanwhile', async () => {
  await using lab = await open()
  await lab.page.fill(FIELD, 'Mai mình qua lúc 9 giờ')
  await lab.page.evaluate(() =>
    document.querySelector<HTMLTextAreaElement>('.composer-field')!.setSelectionRange(4, 8),
  )
  expect(await lab.lab((side) => side.drafts.preview('big').get())).toBe('')
  await show(lab, 'other')
  expect(await lab.lab((side) => side.drafts.preview('big').get())).toBe('Mai mình qua lúc 9 giờ')
  await show(lab, 'big')
  expect(await value(lab)).toBe('Mai mình qua lúc 9 giờ')
  const selection = await lab.page.evaluate(() => {
    const field = document.querySelector<HTMLTextAreaElement>('.composer-field')!
    return [field.selectionStart, field.selectionEnd, document.activeElement === field]
  })
  expect(selection).toEqual([4, 8, true])
})

test('CMP-02 a tab that dies loses nothing that was saved, and typing is saved while one goes on', async () => {
  await using lab = await open()
  await lab.page.locator(FIELD).pressSequentially('chiều nay họp', { delay: 20 })
  // That it takes at most half a second is a matter of the clock: platform/drafts.test.ts.
  await lab.page.evaluate(untilSaved, 'chiều nay họp')
  const dead = lab.page.waitForEvent('crash')
  lab.cdp.send('Page.crash').catch(() => {})
  await dead
  const next = await lab.context.newPage()
  await next.goto(lab.url('big'))
  await next.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>('.composer-field')?.value === 'chiều nay họp',
  )
})

/** In the page: resolves when a draft with this text is on disk. */
async function untilSaved(text: string): Promise<void> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result))
      request.addEventListener('error', () => reject(request.error as Error))
    })
  const db = await answer(indexedDB.open('tam-drafts'))
  let drafts: { text: string }[] = []
  while (!drafts.some((draft) => draft.text === text)) {
    await new Promise(requestAnimationFrame)
    drafts = await answer(db.transaction('drafts').objectStore('drafts').getAll())
  }
  db.close()
}

test('CMP-02 leaving the page at once writes the draft', async () => {
  await using lab = await open()
  await lab.page.fill(FIELD, 'gõ xong tải lại ngay')
  await lab.page.reload()
  await lab.page.waitForFunction(
    () => document.querySelector<HTMLTextAreaElement>('.composer-field')?.value === 'gõ xong tải lại ngay',
  )
})

test('CMP-02 CMP-07 what is written in another tab is not lost here, and what is sent there is gone here', async () => {
  await using lab = await open()
  await lab.page.fill(FIELD, 'cũ')
  await lab.page.evaluate(untilSaved, 'cũ')
  const other = await lab.context.newPage()
  await other.goto(lab.url('big'))
  await other.waitForFunction(holds, 'cũ')
  await other.fill(FIELD, 'cũ và một đoạn dài viết thêm ở tab kia')
  await other.close({ runBeforeUnload: true })
  await lab.page.waitForFunction(holds, 'cũ và một đoạn dài viết thêm ở tab kia')
  await show(lab, 'other')
  await show(lab, 'big')
  await lab.page.reload()
  await lab.page.waitForFunction(holds, 'cũ và một đoạn dài viết thêm ở tab kia')
  const third = await lab.context.newPage()
  await third.goto(lab.url('big'))
  await third.waitForFunction(holds, 'cũ và một đoạn dài viết thêm ở tab kia')
  await third.press(FIELD, 'Enter')
  await lab.page.waitForFunction(holds, '')
  expect(await lab.page.isEnabled('.composer-send button:last-child')).toBe(false)
  await show(lab, 'other')
  await lab.page.reload()
  expect(await lab.lab((side) => side.drafts.preview('big').get())).toBe('')
})

/** In the page. */
function holds(text: string): boolean {
  return document.querySelector<HTMLTextAreaElement>('.composer-field')?.value === text
}

test('CMP-02 drafts of another person on the same device stay apart', async () => {
  await using lab = await open()
  await lab.page.fill(FIELD, 'của Trúc')
  await lab.lab((side) => {
    const state = side.session.get()
    if (state.status === 'signed-in') {
      side.session.set({ status: 'signed-in', me: { ...state.me, id: 'u_dat' } })
    }
  })
  await lab.frames()
  expect(await lab.lab((side) => side.drafts.get('big').text)).toBe('')
})
