import { expect, test } from 'bun:test'
import {
  createRowBuilder,
  createSeen,
  indexOfSeq,
  messageAt,
  type Row,
  type RowsInput,
} from './rows.logic.ts'
import { joined, message, messages, waiting } from './test-items.ts'

const build = (change: Partial<RowsInput> & Pick<RowsInput, 'items'>, builder = createRowBuilder()) =>
  builder({
    start: 0,
    end: change.items.length,
    hasBefore: false,
    me: 'me',
    firstUnread: -1,
    seen: () => 'sent',
    ...change,
  })
const shape = (rows: readonly Row[]): string =>
  rows
    .map((row) =>
      row.kind === 'message'
        ? row.head
          ? 'H'
          : 'g'
        : row.kind === 'event'
          ? 'e'
          : row.kind === 'day'
            ? 'D'
            : 'N',
    )
    .join('')

test('TL-14 one author within 5 minutes is one group', () => {
  expect(shape(build({ items: [message(1, 'a', 0), message(2, 'a', 4), message(3, 'a', 8)] }))).toBe('DHgg')
  expect(shape(build({ items: [message(1, 'a', 0), message(2, 'a', 5)] }))).toBe('DHH')
  expect(shape(build({ items: [message(1, 'a', 0), message(2, 'b', 1), message(3, 'b', 2)] }))).toBe('DHHg')
})

test('TL-14 an event line, a day and the unread line end a group', () => {
  expect(shape(build({ items: [message(1, 'a', 1), joined(2, 'b'), message(3, 'a', 3)] }))).toBe('DHeH')
  expect(shape(build({ items: [message(1, 'a', 1), message(2, 'a', 2)], firstUnread: 1 }))).toBe('DHNH')
  const overMidnight = [
    message(1, 'a', 0, { at: new Date(2026, 10, 22, 23, 59).toISOString() }),
    message(2, 'a', 0, { at: new Date(2026, 10, 23, 0, 1).toISOString() }),
  ]
  expect(shape(build({ items: overMidnight }))).toBe('DHDH')
})

test('TL-15 while earlier messages are not loaded the first day is not claimed', () => {
  expect(shape(build({ items: messages(5, 6), hasBefore: true }))).toBe('Hg')
  expect(shape(build({ items: messages(5, 6), hasBefore: false }))).toBe('DHg')
})

test('a slice knows what came before it', () => {
  const items = messages(1, 10)
  expect(shape(build({ items, start: 4, end: 8 }))).toBe('gggg')
})

test('a clock that went back makes no second line for the same day', () => {
  const items = [
    message(1, 'a', 0, { at: new Date(2026, 10, 23, 0, 1).toISOString() }),
    message(2, 'b', 0, { at: new Date(2026, 10, 22, 23, 59).toISOString() }),
    message(3, 'a', 0, { at: new Date(2026, 10, 23, 0, 2).toISOString() }),
  ]
  const rows = build({ items })
  expect(shape(rows)).toBe('DHHH')
  expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length)
})

test('PRF-03 unchanged rows are the same objects, changed ones are new', () => {
  const builder = createRowBuilder()
  const items = messages(1, 6)
  const before = build({ items }, builder)
  const edited = items.with(2, { ...message(3, 'u_huong'), text: 'sửa rồi' })
  const after = build({ items: [...edited, message(7, 'u_dat')] }, builder)
  expect(after.filter((row) => !before.includes(row)).map((row) => row.key)).toEqual([
    'u_huong/cid-u_huong-3',
    'u_dat/cid-u_dat-7',
  ])
})

test('SND-04 the echo and its stored entry are one row by key', () => {
  const echo = waiting('c1')
  const before = build({ items: [echo] })
  const after = build({ items: [{ ...echo, seq: 1, state: 'sent' }] })
  expect(after.at(-1)?.key).toBe(before.at(-1)?.key ?? '')
})

test('SND-02 only own messages have a state', () => {
  const rows = build({
    items: [message(1, 'a'), message(2, 'me'), waiting('x'), { ...waiting('y'), state: 'failed' }],
  })
  expect(rows.flatMap((row) => (row.kind === 'message' ? [row.delivery] : []))).toEqual([
    null,
    'sent',
    'waiting',
    'failed',
  ])
})

test('SND-02 seen by some and by all, own position not counted', () => {
  const seen = createSeen(
    new Map([
      ['me', 99],
      ['a', 10],
      ['b', 20],
    ]),
    'me',
  )
  expect([seen(10), seen(11), seen(20), seen(21)]).toEqual([
    'seen-by-all',
    'seen-by-some',
    'seen-by-some',
    'sent',
  ])
  expect(createSeen(new Map([['me', 5]]), 'me')(1)).toBe('sent')
})

test('a reply knows its original when that is loaded', () => {
  const items = [message(1, 'a'), message(2, 'b', 2, { replyTo: 1 }), message(3, 'b', 3, { replyTo: 900 })]
  const rows = build({ items }).filter((row) => row.kind === 'message')
  expect(rows.map((row) => row.quoted?.seq ?? null)).toEqual([null, 1, null])
})

test('positions are found among stored items; what waits comes after all of them', () => {
  const items = [...messages(5, 9), waiting('x')]
  expect([indexOfSeq(items, 1), indexOfSeq(items, 7), indexOfSeq(items, 10)]).toEqual([0, 2, 5])
  expect(messageAt(items, 9)?.seq).toBe(9)
  expect(messageAt(items, 10)).toBeNull()
})
