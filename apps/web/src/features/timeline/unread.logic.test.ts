import { expect, test } from 'bun:test'
import { joined, message, messages, waiting } from './test-items.ts'
import { countBelow, findFirstUnread, newestSeq, nextLine } from './unread.logic.ts'

test('UNR-03 the first unread is a message of somebody else; own ones and events never are', () => {
  const items = [message(1, 'a'), message(2, 'me'), joined(3, 'b'), message(4, 'a'), message(5, 'a')]
  expect(findFirstUnread(items, false, 1, 'me')).toMatchObject({ place: 'loaded', index: 3 })
  expect(findFirstUnread(items, false, 5, 'me')).toEqual({ place: 'none' })
  expect(findFirstUnread([...messages(1, 2), waiting('x')], false, 2, 'me')).toEqual({ place: 'none' })
  expect(findFirstUnread(items, false, null, 'me')).toEqual({ place: 'none' })
})

test('UNR-05 unread that begins before what is loaded is said to be there', () => {
  expect(findFirstUnread(messages(950, 1_000), true, 900, 'me')).toEqual({ place: 'before' })
  expect(findFirstUnread(messages(950, 1_000), true, 949, 'me')).toMatchObject({ place: 'loaded', index: 0 })
  expect(findFirstUnread(messages(950, 1_000), false, 900, 'me')).toMatchObject({ place: 'loaded', index: 0 })
})

test('TL-06 below counts others’ stored messages only', () => {
  const items = [...messages(1, 5), message(6, 'me'), joined(7, 'b'), message(8, 'a'), waiting('x')]
  expect(countBelow(items, 3, 'me')).toBe(3)
  expect(countBelow(items, 8, 'me')).toBe(0)
  expect(newestSeq(items)).toBe(8)
  expect(newestSeq([waiting('x')])).toBe(0)
})

test('UNR-03 the line stays until everything behind it was read and more came', () => {
  expect(nextLine(null, 10, 0)).toBeNull()
  const line = nextLine(null, 10, 12)
  expect(line).toEqual({ after: 10, count: 12 })
  expect(nextLine(line, 10, 12)).toBe(line)
  expect(nextLine(line, 10, 14)).toEqual({ after: 10, count: 14 })
  expect(nextLine(line, 22, 0)).toBe(line)
  expect(nextLine(line, 22, 3)).toEqual({ after: 22, count: 3 })
})
