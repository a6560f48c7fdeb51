import type { SessionState } from '@tam/client'
import { FakeClock } from '@tam/testkit'
import { describe, expect, test } from 'bun:test'
import type { DraftStorage } from './drafts-storage.ts'
import { parseDraft, previewOf, type Draft } from './drafts.logic.ts'
import { DRAFT_SAVE_MS, Drafts } from './drafts.ts'
import { createState } from './state.ts'

const draft = (text: string, replyTo: number | null = null): Draft => ({
  text,
  replyTo,
  selectionStart: text.length,
  selectionEnd: text.length,
})
const signedIn = (id: string): SessionState => ({
  status: 'signed-in',
  me: {
    id,
    username: id,
    name: id,
    avatar: null,
    bio: '',
    status: '',
    email: null,
    locale: 'vi',
    presence: { dnd: false, visibility: 'contacts', hiddenFrom: [] },
    createdAt: '2026-11-22T00:00:00Z',
  },
})

/** A device in memory; `writes` counts the saves. */
function memory() {
  const rows = new Map<string, Draft>()
  const device = { rows, writes: 0 }
  const listeners: Parameters<DraftStorage['onSavedElsewhere']>[0][] = []
  /** Another tab of the browser saves. */
  const saveElsewhere: DraftStorage['save'] = async (user, changes) => {
    await storage.save(user, changes)
    listeners.forEach((listener) => listener(user, changes))
  }
  const storage: DraftStorage = {
    load: async (user) =>
      [...rows].flatMap(([key, value]) => {
        const [owner, conversation = ''] = key.split('/')
        return owner === user ? [[conversation, value] as const] : []
      }),
    async save(user, changes) {
      device.writes++
      for (const { conversation, draft } of changes) {
        if (draft === undefined) {
          rows.delete(`${user}/${conversation}`)
        } else {
          rows.set(`${user}/${conversation}`, draft)
        }
      }
    },
    async erase(user) {
      for (const key of [...rows.keys()].filter((one) => one.startsWith(`${user}/`))) {
        rows.delete(key)
      }
    },
    onSavedElsewhere: (listener) => void listeners.push(listener),
    async eraseOthers(user) {
      for (const key of [...rows.keys()].filter((one) => !one.startsWith(`${user}/`))) {
        rows.delete(key)
      }
    },
  }
  return { ...device, device, storage, saveElsewhere }
}

function setup(device = memory()) {
  const clock = new FakeClock()
  const session = createState<SessionState>(signedIn('truc'))
  return { device, clock, session, drafts: new Drafts({ session, storage: device.storage, clock }) }
}

describe('drafts', () => {
  test('CMP-02 typing saves once per interval, not per key, and never waits longer', () => {
    const { device, clock, drafts } = setup()
    for (let key = 1; key <= 40; key++) {
      drafts.write('a', draft('x'.repeat(key)))
      clock.advance(50)
    }
    expect(device.device.writes).toBe(2_000 / DRAFT_SAVE_MS)
  })

  test('CMP-02 what was kept is there for the next page, per person', async () => {
    const first = setup()
    first.drafts.write('a', draft('mai họp', 7))
    await first.drafts.flush()
    const next = setup(first.device)
    await Promise.resolve()
    await Promise.resolve()
    expect(next.drafts.get('a')).toEqual(draft('mai họp', 7))
    next.session.set(signedIn('dat'))
    expect(next.drafts.get('a').text).toBe('')
  })

  test('what is typed before the device answers is not replaced by what it kept', async () => {
    const device = memory()
    device.rows.set('truc/a', draft('cũ'))
    device.rows.set('truc/b', draft('ở b'))
    const { drafts } = setup(device)
    const shown: string[] = []
    drafts.subscribe('a', ({ text }) => shown.push(text))
    drafts.subscribe('b', ({ text }) => shown.push(text))
    drafts.write('a', draft('mới'))
    await Promise.resolve()
    await Promise.resolve()
    expect(drafts.get('a').text).toBe('mới')
    expect(shown).toEqual(['ở b'])
  })

  test('what another tab writes or sends is shown here, unless one types here; nobody hears of others', async () => {
    const device = memory()
    device.rows.set('truc/a', draft('cũ'))
    const { drafts } = setup(device)
    const shown: string[] = []
    drafts.subscribe('a', ({ text }) => shown.push(text))
    await Promise.resolve()
    await Promise.resolve()
    await device.saveElsewhere('truc', [{ conversation: 'a', draft: draft('cũ và mới') }])
    expect([drafts.get('a').text, ...drafts.written.get()]).toEqual(['cũ và mới', 'a'])
    await device.saveElsewhere('dat', [{ conversation: 'a', draft: draft('của Đạt') }])
    await device.saveElsewhere('truc', [{ conversation: 'a', draft: undefined }])
    expect([drafts.get('a').text, ...drafts.written.get()]).toEqual([''])
    expect(shown).toEqual(['cũ', 'cũ và mới', ''])
    drafts.write('a', draft('đang gõ'))
    await device.saveElsewhere('truc', [{ conversation: 'a', draft: draft('chậm hơn') }])
    await drafts.flush()
    expect([drafts.get('a').text, device.rows.get('truc/a')?.text]).toEqual(['đang gõ', 'đang gõ'])
  })

  test('a field that closes does not write back what it shows', async () => {
    const { device, drafts } = setup()
    drafts.write('a', draft('như cũ'))
    await drafts.flush()
    drafts.write('a', draft('như cũ'))
    await drafts.flush()
    expect(device.device.writes).toBe(1)
  })

  test('what another tab sent while the device answers does not come back', async () => {
    const device = memory()
    device.rows.set('truc/a', draft('đã gửi'))
    const { drafts } = setup(device)
    const sent = device.saveElsewhere('truc', [{ conversation: 'a', draft: undefined }])
    device.rows.set('truc/a', draft('đã gửi'))
    await sent
    await Promise.resolve()
    expect(drafts.get('a').text).toBe('')
  })

  test('PRF-03 while a composer is open the list hears nothing', () => {
    const { drafts } = setup()
    const preview = drafts.preview('a')
    let changes = 0
    preview.subscribe(() => changes++)
    const release = drafts.hold('a')
    drafts.write('a', draft('đang gõ'))
    drafts.write('a', draft('đang gõ tiếp'))
    expect(changes).toBe(0)
    release()
    expect([changes, preview.get()]).toEqual([1, 'đang gõ tiếp'])
  })

  test('SND-03 a text given back fills an empty draft only', () => {
    const { drafts } = setup()
    expect(drafts.giveBack('a', 'tin hỏng')).toBe(true)
    expect(drafts.get('a').text).toBe('tin hỏng')
    expect(drafts.giveBack('a', 'khác')).toBe(false)
    expect(drafts.get('a').text).toBe('tin hỏng')
  })

  test('signing out erases, a login that was revoked does not', async () => {
    const { device, session, drafts } = setup()
    drafts.write('a', draft('giữ lại'))
    session.set({ status: 'signed-out', reason: 'revoked' })
    await Promise.resolve()
    expect([...device.rows.keys()]).toEqual(['truc/a'])
    expect(drafts.get('a').text).toBe('')
    session.set(signedIn('truc'))
    await Promise.resolve()
    await Promise.resolve()
    expect(drafts.get('a').text).toBe('giữ lại')
    session.set({ status: 'signed-out' })
    await Promise.resolve()
    expect(device.rows.size).toBe(0)
  })

  test('what a revoked login left goes when somebody else signs in', async () => {
    const { device, session, drafts } = setup()
    drafts.write('a', draft('giữ lại'))
    session.set({ status: 'signed-out', reason: 'revoked' })
    await Promise.resolve()
    session.set(signedIn('an'))
    await Promise.resolve()
    expect(device.rows.size).toBe(0)
  })

  test('an emptied draft leaves the device', async () => {
    const { device, drafts } = setup()
    drafts.write('a', draft('x'))
    await drafts.flush()
    drafts.write('a', draft(''))
    await drafts.flush()
    expect(device.rows.size).toBe(0)
  })

  test('the preview is the first line with something in it', () => {
    expect(previewOf('\n\n  Mai mình qua \nlúc 9 giờ')).toBe('Mai mình qua')
    expect(previewOf('  \n ')).toBe('')
  })

  test('what is not a draft is not taken for one', () => {
    expect(parseDraft(null)).toBeUndefined()
    expect(parseDraft({ text: 5, replyTo: null })).toBeUndefined()
    expect(parseDraft({ text: 'a', replyTo: null })).toEqual(draft('a'))
  })
})
