import type { EventItem, MessageItem, TimelineItem } from '@tam/client'
import type { User } from '@tam/protocol'

export const ME = 'u_truc'

const person = (id: string, name: string): User => ({
  id,
  username: id.slice(2),
  name,
  avatar: null,
  bio: '',
  status: '',
})

export const people: readonly User[] = [
  person(ME, 'Đặng Thanh Trúc'),
  person('u_huong', 'Phạm Thu Hường'),
  person('u_dat', 'Ngô Quang Đạt'),
  person('u_an', 'Nguyễn Văn An'),
  person('u_emma', 'Emma Wilson'),
]

const SENTENCES = [
  'Chào cả nhà, em vừa cập nhật bảng ưu tiên quý III.',
  'Phần ngân sách còn thiếu 120.000.000₫, cần duyệt lại trước thứ Sáu.',
  'Em đính kèm chi tiết ở https://tailieu.saomai.vn/q3/ngan-sach, có cả phương án dự phòng.',
  'Dạ em kiểm tra ngay ạ. Có thể do lệch giờ máy chủ.',
  'Ừ.',
  '👍',
  'Sáng nay mưa to quá, mọi người đi đường cẩn thận nhé. Ai kẹt xe thì nhắn một tiếng, mình dời cuộc họp lại 15 phút cho thong thả.',
  'Thanks! See you on Friday.',
  'Ghi chú cuộc họp:\n- chốt phương án B\n- Đạt gửi báo giá\n- Hường rà soát hợp đồng',
  'Nghi vấn hợp lý đấy, để anh xem nhật ký đã.',
]
const LONG =
  'Vận hành hệ thống trong dịp Tết cần người trực luân phiên, mỗi ca bốn tiếng, có sổ bàn giao và số điện thoại dự phòng. '

export interface LogShape {
  readonly head: number
  /** Every 7th message has up to 20 lines. */
  readonly mixed?: boolean
  /** Wall milliseconds of the newest message. */
  readonly endsAt: number
  readonly withEvents?: boolean
}

/** Entries of a computed log; the same object for the same seq until it is changed. */
export class LabLog {
  #shape: LogShape
  #items = new Map<number, TimelineItem>()
  #head: number

  constructor(shape: LogShape) {
    this.#shape = shape
    this.#head = shape.head
  }

  get head(): number {
    return this.#head
  }

  at(seq: number): TimelineItem {
    const item = this.#items.get(seq) ?? this.#make(seq)
    this.#items.set(seq, item)
    return item
  }

  append(from: string, text: string, more: Partial<MessageItem> = {}): MessageItem {
    this.#head++
    const item: MessageItem = {
      ...this.#message(this.#head, from, text, new Date().toISOString()),
      ...more,
      seq: this.#head,
      state: 'sent',
    }
    this.#items.set(this.#head, item)
    return item
  }

  change(seq: number, change: Partial<MessageItem>): void {
    const item = this.at(seq)
    if (item.type === 'message') {
      this.#items.set(seq, { ...item, ...change })
    }
  }

  #make(seq: number): TimelineItem {
    const { head, endsAt, mixed, withEvents } = this.#shape
    const at = new Date(
      endsAt - (head - seq) * 90_000 - Math.floor((head - seq) / 12) * 3_600_000,
    ).toISOString()
    if (withEvents === true && seq <= 3) {
      return this.#event(seq, at)
    }
    const from = people[1 + (Math.floor(seq / 3) % 3)]?.id ?? ME
    const author = seq % 11 === 0 ? ME : from
    const text =
      mixed === true && seq % 7 === 0
        ? LONG.repeat(1 + (seq % 5))
        : (SENTENCES[(seq * 7 + Math.floor(seq / 10)) % SENTENCES.length] ?? '')
    return this.#message(seq, author, text, at)
  }

  #message(seq: number, from: string, text: string, at: string): MessageItem {
    const cid = `cid-${seq}`
    return { type: 'message', key: `${from}/${cid}`, cid, seq, from, text, at, state: 'sent' }
  }

  #event(seq: number, at: string): EventItem {
    const common = { seq, from: 'u_huong', cid: `op-${seq}`, at }
    const entry: EventItem['entry'] =
      seq === 1
        ? { ...common, type: 'created', kind: 'group', title: 'Về Huế dịp Tết' }
        : seq === 2
          ? { ...common, type: 'member', change: 'added', user: ME, role: 'member' }
          : { ...common, type: 'details', topic: 'Vé tàu, phòng nghỉ, món ngon' }
    return { type: 'event', key: `event/${seq}`, seq, entry }
  }
}
