import { describe, expect, test } from 'bun:test'
import { createFormats } from './formats.ts'
import { formatNumber, plural } from './plural.ts'

const ZONE = 'Asia/Ho_Chi_Minh'
const vi = createFormats('vi', ['vi-VN'], ZONE)
const us = createFormats('en', ['en-US'], ZONE)
const gb = createFormats('en', ['vi', 'en-GB'], ZONE)
const now = Date.parse('2026-11-22T07:06:00Z')
// Some engines put a narrow no-break space before AM and PM.
const plain = (text: string) => text.replaceAll(/[\u202f\u00a0]/g, ' ')

describe('[I18-04] dates, times and numbers', () => {
  test('the clock is 24 hours in Vietnamese and the region’s in English', () => {
    expect(vi.time('2026-11-22T07:05:00Z')).toBe('14:05')
    expect(vi.time('2026-11-22T17:05:00Z')).toBe('00:05')
    expect(plain(us.time('2026-11-22T07:05:00Z'))).toBe('2:05 PM')
    expect(gb.time('2026-11-22T07:05:00Z')).toBe('14:05')
  })

  test('dates', () => {
    expect(vi.date('2026-11-22T07:05:00Z')).toBe('22/11/2026')
    expect(us.date('2026-11-22T07:05:00Z')).toBe('11/22/2026')
  })

  test('numbers', () => {
    expect(formatNumber('vi', 1_234_567)).toBe('1.234.567')
    expect(formatNumber('en', 1_234_567)).toBe('1,234,567')
    expect(plural(1, { one: '# member', other: '# members' })).toBe('1 member')
    expect(plural(1_024, { one: '# member', other: '# members' })).toBe('1,024 members')
  })

  test('lists', () => {
    expect(vi.list(['Hường', 'Đạt', 'An'])).toBe('Hường, Đạt và An')
    expect(us.list(['Hường', 'Đạt', 'An'])).toBe('Hường, Đạt, and An')
  })
})

describe('[TL-15] day dividers', () => {
  test('today and yesterday have names', () => {
    expect(vi.day('2026-11-22T01:00:00Z', now)).toBe('Hôm nay, 22 tháng 11')
    expect(vi.day('2026-11-21T16:59:00Z', now)).toBe('Hôm qua, 21 tháng 11')
    expect(us.day('2026-11-22T01:00:00Z', now)).toBe('Today, November 22')
    expect(us.day('2026-11-21T16:59:00Z', now)).toBe('Yesterday, November 21')
  })

  test('midnight is the reader’s, not the server’s', () => {
    // 17:30 UTC on the 21st is 00:30 on the 22nd in Vietnam.
    expect(vi.day('2026-11-21T17:30:00Z', now)).toBe('Hôm nay, 22 tháng 11')
  })

  test('older days have weekday and date, the year when it is another', () => {
    expect(vi.day('2026-11-16T07:00:00Z', now)).toContain('Thứ Hai')
    expect(us.day('2026-11-16T07:00:00Z', now)).toBe('Monday, November 16')
    expect(us.day('2025-11-16T07:00:00Z', now)).toBe('Sunday, November 16, 2025')
  })
})

describe('the time in the list', () => {
  test.each([
    ['2026-11-22T07:05:00Z', '14:05'],
    ['2026-11-21T07:05:00Z', 'Hôm qua'],
    ['2026-11-20T07:05:00Z', 'Thứ 6'],
    ['2026-10-01T07:05:00Z', '1/10'],
    ['2025-10-01T07:05:00Z', '01/10/2025'],
  ])('%s → %s', (at, shown) => {
    expect(plain(vi.listTime(at, now)).replace('Th 6', 'Thứ 6')).toBe(shown)
  })

  test('a clock that is a little behind shows no future day', () => {
    expect(vi.listTime('2026-11-22T07:06:30Z', now)).toBe('14:06')
  })
})

test('relative times', () => {
  expect(vi.relative('2026-11-22T07:04:00Z', now)).toBe('2 phút trước')
  expect(vi.relative('2026-11-21T07:04:00Z', now)).toBe('hôm qua')
  expect(us.relative('2026-11-22T07:04:00Z', now)).toBe('2 minutes ago')
  expect(us.relative('2026-11-22T07:05:50Z', now)).toBe('now')
  expect(us.relative('2026-11-20T07:04:00Z', now)).toBe('2 days ago')
})

test('[I18-05] names sort by the alphabet of the language: Đ after D, Ă after A, numbers by value', () => {
  const names = ['Đạt', 'An', 'Dũng', 'Ăn', 'kênh 10', 'kênh 9', 'Em', 'Ân']
  expect(names.toSorted((a, b) => vi.compare(a, b))).toEqual([
    'An',
    'Ăn',
    'Ân',
    'Dũng',
    'Đạt',
    'Em',
    'kênh 9',
    'kênh 10',
  ])
})
