/** Short exchanges as people really write them; a line is one message, speakers alternate. */
export const dialogues: readonly (readonly string[])[] = [
  [
    'Chào cả nhà, em vừa cập nhật bảng ưu tiên quý III.',
    'Cảm ơn em, chị xem rồi phản hồi trước 17:00 nhé.',
    'Dạ vâng ạ.',
  ],
  [
    'Phần ngân sách còn thiếu 120.000.000₫, cần duyệt lại trước thứ Sáu.',
    'Anh gửi kèm file chi tiết được không?',
    'Được, anh để trong thư mục chung rồi nhé.',
    'Em thấy rồi ạ, để em đối chiếu lại.',
  ],
  [
    'Bản thử nghiệm đang báo lỗi invalid_grant khi đăng nhập bằng Google.',
    'Em kiểm tra ngay ạ. Có thể do lệch giờ máy chủ.',
    'Đúng rồi, đồng hồ chậm gần 2 phút.',
    'Em chỉnh lại NTP, mọi người thử lại giúp em nhé 🙏',
    'Ok chạy rồi 👍',
  ],
  [
    'Trưa nay ăn gì mọi người ơi?',
    'Bún chả đi, lâu rồi chưa ăn.',
    'Mình ăn chay, có quán nào gần không?',
    'Có quán cơm chay đầu ngõ 34, khá ngon.',
    'Chốt 12 giờ kém 15 ở sảnh nha.',
  ],
  [
    'Ai đang trực hôm nay vậy?',
    'Mình trực, có chuyện gì thế?',
    'Trang thanh toán phản hồi chậm từ 9 giờ.',
    'Để mình xem biểu đồ… hàng đợi bị dồn, mình tăng thêm một máy nhé.',
    'Giảm hẳn rồi, cảm ơn bạn!',
  ],
  [
    'Bản thiết kế màn hình mới em để ở đây ạ.',
    'Đẹp quá! Nút gửi trên điện thoại hơi nhỏ thì phải.',
    'Dạ để em tăng lên 44 px.',
    'Chữ phụ nên đậm hơn một chút, ngoài nắng khó đọc.',
  ],
  [
    'Mai mình qua khách hàng lúc 9 giờ, anh đi cùng được không?',
    'Được em, gặp nhau ở cổng lúc 8 rưỡi.',
    'Dạ, em mang theo hợp đồng bản in.',
  ],
  [
    'Khách bên Cần Thơ hỏi bao giờ có bản tiếng Việt hoàn chỉnh.',
    'Bản dịch xong 96 %, còn phần cài đặt.',
    'Tuần sau gửi họ bản dùng thử nhé.',
    'Vâng, em hẹn họ thứ Tư.',
  ],
  [
    'Mình vừa phỏng vấn 5 người dùng ở Huế.',
    'Kết quả thế nào ạ?',
    'Ai cũng muốn tìm tin nhắn không cần gõ dấu.',
    'Cái này mình làm được, gõ “duong” ra “đường” luôn.',
    'Tuyệt vời, để mình ghi vào báo cáo.',
  ],
  [
    'Chúc mừng sinh nhật chị Hường! 🎂🎉',
    'Chúc chị luôn vui và khỏe ạ!',
    'Cảm ơn cả nhà nhiều, chiều nay mời mọi người ăn bánh nhé.',
    'Có bánh kem dâu không chị 😋',
    'Có luôn!',
  ],
  [
    'Build đêm qua đỏ ở bài kiểm tra đồng bộ.',
    'Seed bao nhiêu bạn?',
    '418233',
    'Mình tái hiện được rồi: mất khung khi kết nối lại đúng lúc dọn bộ đệm.',
    'Sửa xong, chạy lại 2.000 lần đều xanh.',
  ],
  [
    'Morning all, the partner deck is ready for review.',
    'Looks good. Slide 7 still has the old pricing.',
    'Fixed, thanks for catching it.',
  ],
  [
    'Did anyone see the latency spike around 3 am?',
    'Yes, it lines up with the backup window.',
    'Could we move the backup to 4 and spread it out?',
    'Doing it now. I will watch it tonight.',
    'Quiet night, p99 stayed under 20 ms.',
  ],
  [
    'I drafted the release notes, could somebody check the Vietnamese?',
    'Mình đọc rồi, chỉ sửa hai chỗ nhỏ.',
    'Perfect, publishing at noon.',
  ],
  [
    'Có ai rảnh xem giúp mình đoạn này không?\n\nMình muốn danh sách giữ nguyên vị trí khi tải thêm tin cũ.',
    'Neo theo một dòng đang thấy rồi khôi phục sau khi vẽ lại.',
    'Đúng rồi, đừng dùng chiều cao tổng, hình ảnh tải chậm là lệch.',
    'Cảm ơn hai bạn, chạy êm rồi.',
  ],
  [
    'Họp nhóm 14:00 chuyển sang phòng Sông Hàn nhé.',
    'Ok chị.',
    'Em tham gia từ xa được không ạ?',
    'Được em, chị gửi đường dẫn trước 5 phút.',
  ],
  [
    'Tài liệu hướng dẫn cài đặt: https://example.com/tai-lieu/cai-dat',
    'Bước 3 thiếu lệnh khởi động lại.',
    'Mình bổ sung rồi, bạn xem lại giúp.',
  ],
  [
    'Mưa to quá, chắc mình đến trễ 20 phút.',
    'Đi cẩn thận nha, đường Nguyễn Hữu Cảnh ngập rồi.',
    'Mình vòng qua Tôn Đức Thắng vậy.',
  ],
  [
    'Số liệu tháng này: 1.234.567 tin nhắn, không mất tin nào.',
    '👏👏👏',
    'Thời gian xác nhận trung vị 2 ms.',
    'Mang con số này vào buổi trình bày nhé.',
  ],
  ['Em xin phép nghỉ chiều mai để đưa bé đi tiêm.', 'Ok em, chúc bé mau lớn nhé.', 'Em cảm ơn chị ạ 🥰'],
]

export interface SeedConversation {
  readonly kind: 'group' | 'channel'
  readonly title: string
  readonly topic: string
  readonly members: readonly string[]
  readonly messages: number
}

const everybody = [
  'truc',
  'huong',
  'dat',
  'van.an',
  'mai',
  'tuyet',
  'khoa',
  'linh',
  'son',
  'yen',
  'grace',
  'tomas',
]

export const conversations: readonly SeedConversation[] = [
  {
    kind: 'channel',
    title: 'ke-hoach-quy-3',
    topic: 'Kế hoạch & ưu tiên quý III',
    members: everybody,
    messages: 900,
  },
  {
    kind: 'channel',
    title: 'ky-thuat',
    topic: 'Mã nguồn, hạ tầng, trực đêm',
    members: ['truc', 'van.an', 'khoa', 'yen', 'tomas'],
    messages: 700,
  },
  {
    kind: 'channel',
    title: 'thiet-ke',
    topic: 'Giao diện và trải nghiệm',
    members: ['mai', 'truc', 'linh', 'son'],
    messages: 300,
  },
  {
    kind: 'channel',
    title: 'chuyen-phiem',
    topic: 'Ăn trưa, sinh nhật, thời tiết',
    members: everybody,
    messages: 500,
  },
  {
    kind: 'channel',
    title: 'english',
    topic: 'For colleagues abroad',
    members: ['grace', 'tomas', 'truc', 'van.an', 'linh'],
    messages: 250,
  },
  {
    kind: 'group',
    title: 'Nhóm Mai – Ẩn – Tuyết',
    topic: '',
    members: ['mai', 'van.an', 'tuyet', 'truc'],
    messages: 180,
  },
  {
    kind: 'group',
    title: 'Ban điều hành',
    topic: 'Nội bộ',
    members: ['huong', 'dat', 'van.an', 'truc'],
    messages: 120,
  },
]

/** Pairs that write to each other directly, and how much. */
export const directs: readonly (readonly [string, string, number])[] = [
  ['huong', 'truc', 120],
  ['dat', 'truc', 80],
  ['van.an', 'truc', 140],
  ['mai', 'truc', 60],
  ['grace', 'truc', 40],
  ['khoa', 'van.an', 50],
  ['yen', 'truc', 30],
]
