import { describe, expect, test } from 'bun:test'
import type { Conversation } from '@tam/protocol'
import { createFormats } from '../../i18n/formats.ts'
import { faviconMark, faviconSvg } from '../home/favicon.logic.ts'
import { inHeldOrder } from './calm-order.logic.ts'
import { attentionOf, badgeText, neighbour, oneLine, toSections } from './list.logic.ts'

const conversation = (
  id: string,
  kind: Conversation['kind'],
  title: string | null,
  unread = 0,
): Conversation => ({
  id,
  kind,
  title,
  unread,
  topic: '',
  public: true,
  peer: kind === 'direct' ? `user-${id}` : null,
  role: 'member',
  memberCount: 2,
  head: 1,
  read: 1,
  lastMessage: null,
  createdAt: '2026-11-22T00:00:00.000Z',
})

const { compare } = createFormats('vi', ['vi-VN'])

test('[I18-05] channels sort by name, chats keep the order of activity', () => {
  const list = [
    conversation('1', 'channel', 'đá-bóng'),
    conversation('2', 'direct', null),
    conversation('3', 'channel', 'dự-án'),
    conversation('4', 'group', 'Ẩn'),
    conversation('5', 'channel', 'ăn-trưa'),
    conversation('6', 'channel', 'an-ninh'),
  ]
  const { channels, chats } = toSections(list, compare)
  expect(channels.map(({ title }) => title)).toEqual(['an-ninh', 'ăn-trưa', 'dự-án', 'đá-bóng'])
  expect(chats.map(({ id }) => id)).toEqual(['2', '4'])
})

describe('[UNR-09] title and icon', () => {
  test('only direct messages are counted, anything else is a dot', () => {
    const list = [
      conversation('1', 'direct', null, 2),
      conversation('2', 'group', 'a', 8),
      conversation('3', 'direct', null, 1),
    ]
    expect(attentionOf(list)).toEqual({ direct: 3, any: true })
    expect(attentionOf([conversation('2', 'channel', 'a', 8)])).toEqual({ direct: 0, any: true })
    expect(attentionOf([conversation('2', 'channel', 'a')])).toEqual({ direct: 0, any: false })
  })

  test.each([
    [{ direct: 0, any: false }, ''],
    [{ direct: 0, any: true }, 'dot'],
    [{ direct: 9, any: true }, '9'],
    [{ direct: 10, any: true }, '9+'],
  ])('%o → %s', (attention, mark) => {
    expect(faviconMark(attention)).toBe(mark)
    expect(faviconSvg(mark).includes('#CC3320')).toBe(mark !== '')
  })

  test('an inexact count says so', () => {
    expect(badgeText(99)).toBe('99')
    expect(badgeText(100)).toBe('99+')
  })
})

test('a preview is one line without marks of formatting', () => {
  expect(oneLine('**Lỗi** `invalid_grant`\n\nxem  giúp')).toBe('Lỗi invalid_grant xem giúp')
  expect(oneLine('snake_case *sao*')).toBe('snake_case *sao*')
})

test('[NAV-07] neighbours go round the ends', () => {
  expect(neighbour(['a', 'b', 'c'], 'c', 1)).toBe('a')
  expect(neighbour(['a', 'b', 'c'], 'a', -1)).toBe('c')
  expect(neighbour(['a', 'b', 'c'], undefined, 1)).toBe('a')
  expect(neighbour(['a', 'b', 'c'], 'x', -1)).toBe('c')
  expect(neighbour([], 'x', 1)).toBeUndefined()
})

test('[NAV-06] a held order stays; what is new comes last, what is gone is gone', () => {
  const rows = ['new', 'c', 'a'].map((id) => ({ id }))
  expect(inHeldOrder(rows, ['a', 'b', 'c']).map(({ id }) => id)).toEqual(['a', 'c', 'new'])
})
