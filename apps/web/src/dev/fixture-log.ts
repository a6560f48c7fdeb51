import type { EventItem, MessageItem, TimelineItem } from '@tam/client'
import type { FixtureConversation } from './fixture-conversations.ts'
import { me, person } from './fixture-people.ts'
import { talk } from './fixture-sentences.ts'

const MINUTE_MS = 60_000

/** The item at `seq` of a conversation, computed: a log of 100,000 costs nothing until it is looked at. */
export function itemAt(conversation: FixtureConversation, seq: number, now: number): TimelineItem {
  const at = new Date(now - conversation.minutesAgo * MINUTE_MS - age(conversation.head - seq)).toISOString()
  if (conversation.kind !== 'direct' && seq <= 3) {
    return eventAt(conversation, seq, at)
  }
  const last = seq === conversation.head ? conversation.last : undefined
  const authors = [...conversation.members, me.username]
  const lines = talk[conversation.talk]
  // Someone writes one to three lines in a row.
  const from = last?.[0] ?? authors[Math.floor(seq / 2.4) % authors.length] ?? me.username
  const text = last?.[1] ?? lines[(seq * 5 + Math.floor(seq / lines.length)) % lines.length] ?? ''
  return messageItem({ seq, from, text, at })
}

/** Recent messages lie minutes apart, older ones hours, so that days divide the history. */
function age(back: number): number {
  return back * 2.5 * MINUTE_MS + Math.floor(back / 9) * 47 * MINUTE_MS
}

function eventAt(conversation: FixtureConversation, seq: number, at: string): EventItem {
  const from = person(conversation.members[0] ?? me.username).id
  const common = { seq, from, cid: `op-${conversation.id}-${seq}`, at }
  const key = `event/${seq}`
  if (seq === 1) {
    return {
      type: 'event',
      key,
      seq,
      entry: { ...common, type: 'created', kind: conversation.kind, title: conversation.title ?? '' },
    }
  }
  if (seq === 2) {
    return {
      type: 'event',
      key,
      seq,
      entry: { ...common, type: 'member', change: 'added', user: me.id, role: 'member' },
    }
  }
  return {
    type: 'event',
    key,
    seq,
    entry: { ...common, type: 'details', topic: conversation.topic ?? 'Chuyện chung' },
  }
}

export function messageItem(message: { seq: number; from: string; text: string; at: string }): MessageItem {
  const from = person(message.from).id
  const cid = `fixture-${message.seq}`
  return {
    type: 'message',
    key: `${from}/${cid}`,
    cid,
    seq: message.seq,
    from,
    text: message.text,
    at: message.at,
    state: 'sent',
  }
}

/** The end of the first channel as in the design's picture: [who, text, minutes before now]. */
export const scene: readonly (readonly [from: string, text: string, minutesAgo: number])[] = [
  [
    'huong.pham',
    'Chào cả nhà, em vừa cập nhật bảng ưu tiên quý III. Mọi người xem mục “Vận hành” trước 17:00 giúp em nhé.',
    31,
  ],
  ['dat.ngo', 'Phần ngân sách còn thiếu 120.000.000₫, cần duyệt lại trước thứ Sáu.', 28],
  [
    'dat.ngo',
    'Em đính kèm file chi tiết trong chủ đề bên dưới, có cả phương án dự phòng: https://tailieu.saomai.vn/q3/ngan-sach',
    27,
  ],
  [
    'an.nguyen',
    '@Đặng Thanh Trúc xem giúp anh luồng đăng nhập bằng Google nhé, bản thử nghiệm đang báo lỗi `invalid_grant`.',
    7,
  ],
  ['truc.dang', 'Dạ em kiểm tra ngay ạ. Có thể do lệch giờ máy chủ.', 4],
  ['an.nguyen', 'Nghi vấn hợp lý đấy 👍', 3],
]
