import type { EventItem, Timeline, TimelineItem } from '@tam/client'
import { expect, test } from 'bun:test'
import { timelineText } from '../../i18n/timeline.ts'
import { createFold, isRun, type EventRun } from './event-runs.logic.ts'
import { peopleOf, runText } from './event-text.logic.ts'
import { joined, message, messages, waiting } from './test-items.ts'
import { TimelineModel } from './timeline-model.ts'
import { SPAN_MAX } from './window.logic.ts'

const added = (seq: number, user: string, from = 'truc'): EventItem => {
  const item = joined(seq, user)
  // All in one minute: a day never ends within.
  const at = new Date(2026, 10, 22, 9).toISOString()
  return { ...item, entry: { ...item.entry, type: 'member', change: 'added', from, user, at } }
}
const addedAll = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => added(from + index, `u${from + index}`))
const loaded = (items: readonly TimelineItem[], more: Partial<Timeline> = {}): Timeline => ({
  items,
  hasBefore: false,
  hasAfter: false,
  loading: null,
  failed: null,
  ...more,
})
const names = { subject: (user: string) => user, object: (user: string) => user }

test('people added one after the other are one item that stands for its last entry', () => {
  const { items } = createFold()(loaded([message(1, 'truc'), ...addedAll(2, 500), message(501, 'truc')]))
  expect(items).toHaveLength(3)
  expect(items[1]).toMatchObject({ key: 'event/500', seq: 500 })
  expect(isRun(items[1])).toBe(true)
})

test('two changes, other actors, other kinds and a message between stay apart', () => {
  const items = [
    ...addedAll(1, 2),
    message(3, 'truc'),
    added(4, 'a'),
    added(5, 'b', 'dat'),
    added(6, 'c'),
    joined(7, 'd'),
    joined(8, 'e'),
  ]
  const timeline = loaded(items)
  expect(createFold()(timeline)).toBe(timeline)
})

test('an unchanged run is the same object; an older page makes it longer and leaves its key', () => {
  const fold = createFold()
  const [first] = fold(loaded(addedAll(5, 9))).items
  expect(fold(loaded([...addedAll(5, 9).map((item) => item), message(10, 'truc')])).items[0]?.key).toBe(
    'event/9',
  )
  const same = addedAll(1, 9)
  const [run] = fold(loaded(same)).items
  expect(fold(loaded([...same, message(10, 'truc')])).items[0]).toBe(run!)
  expect(run?.key).toBe(first!.key)
})

test('two people are named, the others counted; a few are all named; oneself comes first', () => {
  const run = (count: number) => createFold()(loaded(addedAll(1, count))).items[0] as EventRun
  const say = (item: EventRun, me: string) => runText(item, peopleOf(item, me), timelineText.vi, names)
  expect(say(run(499), 'x')).toBe('truc đã thêm u1, u2 và 497 người khác')
  expect(say(run(499), 'u9')).toBe('truc đã thêm u9, u1 và 497 người khác')
  expect(say(run(3), 'x')).toBe('truc đã thêm u1, u2 và u3')
  const item = run(1_200)
  expect(runText(item, peopleOf(item, 'x'), timelineText.en, names)).toBe(
    'truc added u1, u2 and 1,198 others',
  )
})

test('[UNR-01] a long run leaves the first unread message where it is, and any of its positions leads to it', () => {
  const model = new TimelineModel('me')
  model.takeTail(
    loaded([...messages(1, 10), ...addedAll(11, 510), ...messages(511, 515)], { hasBefore: true }),
  )
  expect(model.firstUnread(10)).toMatchObject({ place: 'loaded', index: 11 })
  expect(model.items[model.indexOfLoaded(300) ?? -1]?.key).toBe('event/510')
  const top = new TimelineModel('me')
  top.takeTail(loaded([...addedAll(11, 510), ...messages(511, 515)], { hasBefore: true }))
  expect(top.firstUnread(10)).toMatchObject({ place: 'loaded' })
  expect(top.indexOfLoaded(11)).toBe(0)
})

test('five hundred people who come at once are no flood that holds the view back', () => {
  const model = new TimelineModel('me')
  const before = messages(1, 10)
  model.takeTail(loaded(before))
  expect(model.isFlood(loaded([...before, ...addedAll(11, 510)]))).toBe(false)
  expect(model.isFlood(loaded([...before, ...messages(11, 12 + SPAN_MAX)]))).toBe(true)
})

test('[TL-05] what waits to be sent is no flood, neither when it is loaded nor when all of it is stored at once', () => {
  const model = new TimelineModel('me')
  const stored = messages(1, 10)
  const numbers = Array.from({ length: SPAN_MAX + 10 }, (_, index) => index + 11)
  const unsent = numbers.map((seq) => waiting(`cid-me-${seq}`))
  model.takeTail(loaded(stored))
  expect(model.isFlood(loaded([...stored, ...unsent]))).toBe(false)
  model.take(loaded([...stored, ...unsent]), true)
  const sent = numbers.map((seq) => message(seq, 'me'))
  expect(model.isFlood(loaded([...stored, ...sent]))).toBe(false)
  expect(model.isFlood(loaded([...stored, ...messages(11, 12 + SPAN_MAX), ...unsent]))).toBe(true)
})
