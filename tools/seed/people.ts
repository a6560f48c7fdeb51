/** The people of the development community. Everybody's password is the user name followed by `-tam-dev`. */
export interface SeedPerson {
  readonly username: string
  readonly name: string
  readonly status: string
  readonly bio: string
}

export const people: readonly SeedPerson[] = [
  {
    username: 'truc',
    name: 'Đặng Thanh Trúc',
    status: 'Đang sửa luồng đăng nhập',
    bio: 'Kỹ sư phần mềm, thích cà phê sữa đá.',
  },
  { username: 'huong', name: 'Phạm Thu Hường', status: '', bio: 'Quản lý vận hành.' },
  { username: 'dat', name: 'Ngô Quang Đạt', status: 'Họp đến 16:00', bio: 'Tài chính và kế hoạch.' },
  { username: 'van.an', name: 'Nguyễn Văn An', status: '', bio: 'Trưởng nhóm kỹ thuật.' },
  { username: 'mai', name: 'Lê Ngọc Mai', status: 'Làm việc ở Đà Nẵng', bio: 'Thiết kế sản phẩm.' },
  { username: 'tuyet', name: 'Trần Ánh Tuyết', status: '', bio: 'Chăm sóc khách hàng.' },
  {
    username: 'khoa',
    name: 'Võ Đăng Khoa',
    status: 'Nghỉ phép đến thứ Hai',
    bio: 'Hạ tầng, trực đêm thứ Năm.',
  },
  { username: 'linh', name: 'Bùi Khánh Linh', status: '', bio: 'Nội dung và truyền thông.' },
  { username: 'son', name: 'Hoàng Minh Sơn', status: '', bio: 'Nghiên cứu người dùng.' },
  { username: 'yen', name: 'Đỗ Hải Yến', status: 'Tập trung, nhắn sau nhé', bio: 'Kiểm thử.' },
  { username: 'grace', name: 'Grace Bennett', status: 'Working from Singapore', bio: 'Partnerships.' },
  { username: 'tomas', name: 'Tomás Rivera', status: '', bio: 'Backend, occasional guitarist.' },
]

/** The first login a developer uses. */
export const firstPerson = 'truc'

export const passwordOf = (username: string) => `${username}-tam-dev`
