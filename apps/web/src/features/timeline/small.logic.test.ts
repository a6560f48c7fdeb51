import { FakeClock } from '@tam/testkit'
import { expect, test } from 'bun:test'
import { timelineText } from '../../i18n/timeline.ts'
import { ANNOUNCE_GAP_MS, createAnnouncer } from './announcer.logic.ts'
import { callName } from './call-name.logic.ts'
import { isEmojiOnly } from './emoji.logic.ts'
import { eventText } from './event-text.logic.ts'
import { createReadTracker } from './read-tracker.logic.ts'
import { joined } from './test-items.ts'

test('A11-04 A11-05 the first is said at once, the rest of the second as a count', () => {
  const clock = new FakeClock()
  const said: string[] = []
  const announcer = createAnnouncer(
    clock,
    (text) => said.push(text),
    (count) => `${count} tin nhắn mới`,
  )
  announcer.push('Hường: Chào cả nhà')
  expect(said).toEqual(['Hường: Chào cả nhà'])
  for (let count = 0; count < 24; count++) {
    announcer.push('x')
  }
  clock.advance(ANNOUNCE_GAP_MS - 1)
  expect(said).toHaveLength(1)
  clock.advance(1)
  expect(said.at(-1)).toBe('24 tin nhắn mới')
  announcer.push('Đạt: một tin')
  clock.advance(ANNOUNCE_GAP_MS)
  expect(said.at(-1)).toBe('Đạt: một tin')
  clock.advance(10 * ANNOUNCE_GAP_MS)
  announcer.push('An: sau một lúc')
  expect(said).toHaveLength(4)
  announcer.stop()
  expect(clock.pending).toBe(0)
})

test('UNR-02 only rows visible for half a second on an attended screen are read, and never back', () => {
  const clock = new FakeClock()
  const read: number[] = []
  const tracker = createReadTracker(clock, (seq) => read.push(seq))
  tracker.setActive(true)
  tracker.setVisible(10, true)
  tracker.setVisible(11, true)
  clock.advance(300)
  tracker.setVisible(11, false)
  tracker.setVisible(12, true)
  clock.advance(200)
  expect(read).toEqual([10])
  clock.advance(300)
  expect(read).toEqual([10, 12])
  tracker.setVisible(5, true)
  clock.advance(2_000)
  expect(read).toEqual([10, 12])
})

test('UNR-02 time away does not count', () => {
  const clock = new FakeClock()
  const read: number[] = []
  const tracker = createReadTracker(clock, (seq) => read.push(seq))
  tracker.setVisible(10, true)
  clock.advance(5_000)
  tracker.setActive(true)
  clock.advance(499)
  expect(read).toEqual([])
  tracker.setActive(false)
  clock.advance(5_000)
  tracker.setActive(true)
  clock.advance(500)
  expect(read).toEqual([10])
})

test('people are called by the last word of a Vietnamese name and the first of any other', () => {
  expect(
    ['Phạm Thu Hường', 'Nguyen Van An', 'Emma Wilson', 'Trúc', 'Đặng Thanh Trúc'.normalize('NFD')].map(
      callName,
    ),
  ).toEqual(['Hường', 'An', 'Emma', 'Trúc', 'Trúc'])
})

test('one to six emoji alone are drawn large', () => {
  for (const text of ['👍', '🎉🎉', ' 👩‍👩‍👧‍👦 🇻🇳 ', '❤️', '👋🏽']) {
    expect(isEmojiOnly(text)).toBe(true)
  }
  for (const text of ['', 'ok 👍', '12', '#', '👍👍👍👍👍👍👍', 'a'.repeat(500)]) {
    expect(isEmojiOnly(text)).toBe(false)
  }
})

test('a name or title from the right keeps to itself in a sentence', () => {
  const names = { subject: () => 'Hường', object: () => 'محمد العربي' }
  const { entry } = joined(1, 'a')
  const common = { from: 'a', seq: 1, cid: 'op', at: entry.at }
  expect(
    eventText(
      { ...common, type: 'member', change: 'added', user: 'b', role: 'member' },
      timelineText.vi,
      names,
    ),
  ).toBe('Hường đã thêm \u2068محمد العربي\u2069')
  expect(eventText({ ...common, type: 'details', title: 'مرحبا' }, timelineText.en, names)).toContain(
    '“\u2068مرحبا\u2069”',
  )
})

test('event lines are whole sentences in both languages, with oneself in the right case', () => {
  const names = {
    subject: (user: string) => (user === 'me' ? 'Bạn' : 'Hường'),
    object: (user: string) => (user === 'me' ? 'bạn' : 'Hường'),
  }
  const { entry } = joined(1, 'a')
  const common = { from: 'a', seq: 1, cid: 'op', at: entry.at }
  expect(eventText(entry, timelineText.vi, names)).toBe('Hường đã tham gia')
  expect(
    eventText(
      { ...common, type: 'member', change: 'added', user: 'me', role: 'member' },
      timelineText.vi,
      names,
    ),
  ).toBe('Hường đã thêm bạn')
  expect(eventText({ ...common, from: 'me', type: 'details', title: 'Về Huế' }, timelineText.vi, names)).toBe(
    'Bạn đã đổi tên thành “Về Huế”',
  )
  expect(eventText({ ...common, type: 'details', topic: '' }, timelineText.en, names)).toBe(
    'Hường cleared the topic',
  )
  expect(
    eventText(
      { ...common, type: 'member', change: 'role', user: 'b', role: 'admin' },
      timelineText.en,
      names,
    ),
  ).toBe('Hường made Hường an admin')
})
