import type { Me, User } from '@tam/protocol'

type Row = readonly [username: string, name: string, status?: string, bio?: string]

const ROWS: readonly Row[] = [
  [
    'huong.pham',
    'Phạm Thu Hường',
    'Họp đến 15:30',
    'Vận hành · Hà Nội. Cần gì cứ nhắn, mình trả lời trong ngày.',
  ],
  ['dat.ngo', 'Ngô Quang Đạt', '', 'Tài chính. Thích cà phê trứng và bảng tính gọn gàng.'],
  ['an.nguyen', 'Nguyễn Văn An', 'Làm việc ở nhà', 'Kỹ thuật, nhóm nền tảng.'],
  ['mai.ho', 'Hồ Xuân Mai'],
  ['an.phan', 'Phan Đình Ẩn', 'Đang ở Đà Nẵng'],
  ['tuyet.hoang', 'Hoàng Thị Ánh Tuyết'],
  ['khoi.le', 'Lê Minh Khôi', 'Trực hệ thống tuần này', 'SRE. Gọi khi đèn đỏ.'],
  ['ngoc.tran', 'Trần Thị Bích Ngọc'],
  ['yen.vu', 'Vũ Hoàng Yến', '', 'Thiết kế sản phẩm.'],
  ['bao.do', 'Đỗ Gia Bảo'],
  ['kiet.bui', 'Bùi Tuấn Kiệt', 'Nghỉ phép đến thứ Hai'],
  ['y.huynh', 'Huỳnh Như Ý'],
  ['thao.mai', 'Mai Phương Thảo'],
  ['ung.to', 'Tô Đức Ưng'],
  ['son.dinh', 'Đinh Công Sơn'],
  ['ai.trinh', 'Trịnh Ngọc Ái'],
  ['an.nguyen2', 'Nguyễn Văn An', '', 'Kinh doanh miền Nam.'],
  ['an.nguyen3', 'Nguyễn Văn An', '', 'Thực tập sinh.'],
  ['lam.duong', 'Dương Quỳnh Lam'],
  ['phuc.ly', 'Lý Hồng Phúc'],
  ['emma.wilson', 'Emma Wilson', 'In Hội An this week', 'Partnerships, Melbourne.'],
  ['khanh.vo', 'Võ Ngọc Khánh'],
  ['linh.dang', 'Đặng Khánh Linh'],
  ['hieu.truong', 'Trương Chí Hiếu'],
]

export const people: readonly User[] = ROWS.map(([username, name, status = '', bio = ''], index) => ({
  id: `u${String(index + 1).padStart(2, '0')}_${username.replaceAll('.', '')}`.slice(0, 22),
  username,
  name,
  avatar: null,
  bio,
  status,
}))

export const me: Me = {
  id: 'u00_tructhanh',
  username: 'truc.dang',
  name: 'Đặng Thanh Trúc',
  avatar: null,
  bio: 'Kỹ thuật phần mềm. Sài Gòn.',
  status: '',
  email: 'truc@saomai.vn',
  locale: 'vi',
  presence: { dnd: false, visibility: 'contacts', hiddenFrom: [] },
  createdAt: '2026-01-12T02:00:00.000Z',
}

/** The person of a user name; the fixture's own data, so a wrong name is a mistake in it. */
export function person(username: string): User {
  const found = username === me.username ? me : people.find((one) => one.username === username)
  if (found === undefined) {
    throw new Error(`no fixture person ${username}`)
  }
  return found
}
