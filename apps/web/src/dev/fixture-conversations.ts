import type { Kind, Role } from '@tam/protocol'
import type { talk } from './fixture-sentences.ts'

export interface FixtureConversation {
  readonly id: string
  readonly kind: Kind
  readonly title: string | null
  readonly topic?: string
  readonly public?: boolean
  /** User names of the others; the one of a direct conversation is the peer. */
  readonly members: readonly string[]
  readonly memberCount?: number
  readonly role?: Role
  readonly talk: keyof typeof talk
  readonly head: number
  readonly unread?: number
  /** Minutes since the newest message. */
  readonly minutesAgo: number
  /** The newest message: who and what. */
  readonly last?: readonly [from: string, text: string]
}

const team = ['huong.pham', 'dat.ngo', 'an.nguyen', 'mai.ho', 'khoi.le', 'yen.vu', 'bao.do', 'ngoc.tran']

const channel = (
  id: string,
  title: string,
  more: Partial<FixtureConversation> & Pick<FixtureConversation, 'talk'>,
): FixtureConversation => ({
  id: `c_${id}`,
  kind: 'channel',
  title,
  public: true,
  members: team,
  memberCount: 24,
  head: 240,
  minutesAgo: 600,
  ...more,
})

const direct = (username: string, more: Partial<FixtureConversation>): FixtureConversation => ({
  id: `d_${username.replaceAll('.', '_')}`,
  kind: 'direct',
  title: null,
  members: [username],
  memberCount: 2,
  talk: 'work',
  head: 64,
  minutesAgo: 5_000,
  ...more,
})

const group = (
  id: string,
  title: string,
  members: readonly string[],
  more: Partial<FixtureConversation>,
): FixtureConversation => ({
  id: `g_${id}`,
  kind: 'group',
  title,
  members,
  talk: 'chat',
  head: 120,
  minutesAgo: 3_000,
  ...more,
})

const DAY = 1_440

export const conversations: readonly FixtureConversation[] = [
  channel('kehoach', 'ke-hoach-quy-3', {
    talk: 'work',
    topic: 'Kế hoạch & ưu tiên quý III',
    head: 180,
    unread: 0,
    minutesAgo: 34,
    role: 'owner',
  }),
  channel('thietke', 'thiet-ke', {
    talk: 'design',
    topic: 'Giao diện, màu sắc, chữ',
    head: 96,
    unread: 2,
    minutesAgo: 12,
  }),
  channel('kythuat', 'ky-thuat', {
    talk: 'tech',
    topic: 'Hệ thống, sự cố, phát hành',
    head: 100_000,
    unread: 14,
    minutesAgo: 4,
    memberCount: 61,
  }),
  channel('bdh', 'ban-dieu-hanh', { talk: 'work', public: false, memberCount: 5, members: team.slice(0, 4) }),
  channel('phiem', 'chuyen-phiem', { talk: 'chat', topic: 'Mọi chuyện ngoài công việc', memberCount: 118 }),
  channel('tuyendung', 'tuyen-dung', { talk: 'work' }),
  channel('an-trua', 'ăn-trưa', { talk: 'chat', unread: 100, minutesAgo: 40 }),
  channel('da-bong', 'đá-bóng-thứ-bảy', { talk: 'chat' }),
  channel('english', 'english-corner', { talk: 'chat', topic: 'Speak English here, mistakes welcome' }),
  channel('quyen-gop', 'quyên-góp-áo-ấm', { talk: 'chat', memberCount: 74 }),
  direct('huong.pham', {
    minutesAgo: 2,
    unread: 1,
    last: ['huong.pham', 'Chị gửi bản PDF rồi nhé, em xem giúp chị trước 5 giờ'],
  }),
  direct('dat.ngo', { minutesAgo: 18, last: ['dat.ngo', 'Mai mình qua lúc mấy giờ em?'] }),
  group('mat', 'Nhóm Mai – Ẩn – Tuyết', ['mai.ho', 'an.phan', 'tuyet.hoang'], {
    minutesAgo: DAY,
    last: ['truc.dang', 'Ok, chốt phương án B'],
  }),
  direct('an.nguyen', {
    minutesAgo: 3 * DAY,
    talk: 'tech',
    last: ['an.nguyen', 'Em xem giúp anh nhánh sửa-đăng-nhập với, anh đẩy lên rồi'],
  }),
  direct('khoi.le', {
    minutesAgo: 55,
    unread: 3,
    talk: 'tech',
    last: ['khoi.le', 'Máy chủ số 4 lên lại rồi, không mất tin nhắn nào'],
  }),
  group('ve-hue', 'Về Huế dịp Tết', ['lam.duong', 'thao.mai', 'y.huynh', 'phuc.ly', 'ai.trinh'], {
    minutesAgo: 130,
    unread: 8,
    last: ['thao.mai', 'Vé tàu còn 4 giường nằm khoang 6, mình giữ chỗ luôn nha?'],
  }),
  direct('yen.vu', { minutesAgo: 200, talk: 'design', last: ['truc.dang', 'Bản này đẹp lắm chị 👏'] }),
  direct('emma.wilson', {
    minutesAgo: 2 * DAY,
    talk: 'chat',
    last: ['emma.wilson', 'Thanks Trúc! See you in Hội An on Friday.'],
  }),
  direct('bao.do', { minutesAgo: 2 * DAY + 90, last: ['bao.do', 'Dạ em nộp đơn rồi ạ'] }),
  direct('ngoc.tran', { minutesAgo: 3 * DAY, last: ['truc.dang', 'Em chuyển khoản 350.000₫ rồi nhé chị'] }),
  direct('kiet.bui', {
    minutesAgo: 4 * DAY,
    last: ['kiet.bui', 'Anh đang nghỉ phép, thứ Hai anh trả lời nhé'],
  }),
  group('nen-tang', 'Nền tảng – trực đêm', ['khoi.le', 'an.nguyen', 'son.dinh', 'hieu.truong'], {
    minutesAgo: 5 * DAY,
    talk: 'tech',
    last: ['son.dinh', 'Đêm qua yên, không có cảnh báo nào.'],
  }),
  direct('mai.ho', { minutesAgo: 6 * DAY, last: ['mai.ho', 'Chị ơi khách đổi địa chỉ giao hàng rồi'] }),
  direct('tuyet.hoang', { minutesAgo: 8 * DAY, last: ['truc.dang', 'Ừ, để chị hỏi lại'] }),
  direct('an.phan', { minutesAgo: 9 * DAY, last: ['an.phan', 'Ẩn gửi ảnh Đà Nẵng nè'] }),
  direct('y.huynh', { minutesAgo: 11 * DAY, last: ['y.huynh', 'Dạ em cảm ơn chị nhiều ạ'] }),
  direct('thao.mai', { minutesAgo: 14 * DAY, last: ['truc.dang', 'Chúc mừng em nha 🎉'] }),
  direct('ung.to', { minutesAgo: 16 * DAY, last: ['ung.to', 'Bản vẽ tầng 2 mình để trong tủ số 7'] }),
  direct('an.nguyen2', { minutesAgo: 20 * DAY, last: ['an.nguyen2', 'Đại lý Cần Thơ đặt thêm 200 thùng'] }),
  direct('an.nguyen3', {
    minutesAgo: 22 * DAY,
    last: ['an.nguyen3', 'Em là An thực tập ạ, chị duyệt tài khoản giúp em'],
  }),
  direct('linh.dang', { minutesAgo: 30 * DAY, last: ['truc.dang', 'Tuần sau mình gặp nhé'] }),
  direct('hieu.truong', { minutesAgo: 41 * DAY, last: ['hieu.truong', 'OK'] }),
  direct('khanh.vo', { minutesAgo: 60 * DAY, last: ['khanh.vo', 'Võ đây, số mới của mình là 0903 555 218'] }),
  direct('phuc.ly', { minutesAgo: 400 * DAY, last: ['phuc.ly', 'Chúc mừng năm mới cả nhà!'] }),
]
