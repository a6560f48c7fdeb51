import { expect, test } from 'bun:test'
import type { Presence } from '@tam/protocol'
import { commonText } from '../../i18n/common.ts'
import { createFormats } from '../../i18n/formats.ts'
import { presenceText } from './presence.logic.ts'

const formats = createFormats('vi', ['vi-VN'], 'Asia/Ho_Chi_Minh')
const now = Date.parse('2026-11-22T07:05:00Z')
const asOf = new Date(now).toISOString()

function say(presence: Partial<Presence>, conv?: string): string {
  const since = '2026-11-22T07:00:00.000Z'
  return presenceText(
    { id: 'an', status: 'online', since, asOf, ...presence },
    { t: commonText.vi, formats, now, conv },
  )
}

test('PRS-01 a status says its age, and nothing it does not know', () => {
  expect(say({})).toBe('Đang hoạt động')
  expect(say({ status: 'away' })).toBe('Vắng mặt từ 5 phút trước')
  expect(say({ status: 'offline' })).toBe('Hoạt động 5 phút trước')
  expect(presenceText({ id: 'an', status: 'offline', asOf }, { t: commonText.vi, formats, now })).toBe(
    'Ngoại tuyến',
  )
  expect(say({ status: 'dnd' })).toBe('Không làm phiền')
  expect(say({ status: 'unknown' })).toBe('Chưa rõ trạng thái')
})

test('who is in this conversation is said there only, and not of who does not want to be disturbed', () => {
  expect(say({ convs: ['c1'] }, 'c1')).toBe('Đang ở trong cuộc trò chuyện này')
  expect(say({ convs: ['c1'] }, 'c2')).toBe('Đang hoạt động')
  expect(say({ convs: ['c1'] })).toBe('Đang hoạt động')
  expect(say({ status: 'dnd', convs: ['c1'] }, 'c1')).toBe('Không làm phiền')
})

test('a clock that runs behind does not look into the future', () => {
  expect(say({ status: 'offline', since: '2026-11-22T07:09:00.000Z' })).toBe('Hoạt động bây giờ')
})
