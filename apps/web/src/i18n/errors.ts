import { defineArea } from './define.ts'
import { formatNumber, plural } from './plural.ts'

/** What went wrong and what to do, for codes that can meet people anywhere. */
export const errorText = defineArea(
  {
    offline: 'Không kết nối được máy chủ. Kiểm tra mạng rồi thử lại.',
    rateLimited: (seconds: number) =>
      `Bạn thao tác quá nhanh. Thử lại sau ${formatNumber('vi', seconds)} giây.`,
    forbidden: 'Bạn không có quyền làm việc này.',
    notFound: 'Không tìm thấy. Có thể mục này đã bị gỡ.',
    lastOwner: 'Cuộc trò chuyện cần có một chủ sở hữu. Hãy trao quyền cho người khác trước.',
    alreadyMember: 'Người này đã là thành viên.',
    inviteUnusable: 'Lời mời đã hết hạn, đã bị thu hồi hoặc hết lượt.',
    tooLarge: 'Tệp quá lớn.',
    badImage: 'Không dùng được ảnh này. Hãy chọn ảnh JPEG, PNG, WebP hoặc GIF.',
    registrationClosed: 'Máy chủ này không mở đăng ký. Hãy hỏi người quản trị.',
    storageFull: 'Máy chủ đã hết chỗ lưu trữ. Hãy báo cho người quản trị.',
    wrongPassword: 'Mật khẩu hiện tại không đúng.',
    commonPassword: 'Mật khẩu này nhiều người dùng nên rất dễ đoán. Hãy chọn một câu dài của riêng bạn.',
    invalid: 'Thông tin chưa hợp lệ. Hãy kiểm tra lại.',
    unexpected: 'Có lỗi xảy ra. Hãy thử lại sau ít phút.',
  },
  {
    offline: 'The server cannot be reached. Check your network and try again.',
    rateLimited: (seconds) =>
      `That was too fast. Try again in ${plural(seconds, { one: '# second', other: '# seconds' })}.`,
    forbidden: 'You are not allowed to do this.',
    notFound: 'Not found. It may have been removed.',
    lastOwner: 'A conversation needs an owner. Make someone else an owner first.',
    alreadyMember: 'This person is already a member.',
    inviteUnusable: 'The invitation has expired, was revoked or is used up.',
    tooLarge: 'The file is too large.',
    badImage: 'This picture cannot be used. Choose a JPEG, PNG, WebP or GIF.',
    registrationClosed: 'This server is not open for registration. Ask its administrator.',
    storageFull: 'The server has no space left. Tell its administrator.',
    wrongPassword: 'The current password is wrong.',
    commonPassword:
      'Many people use this password, so it is easy to guess. Choose a longer sentence of your own.',
    invalid: 'Something in there is not valid. Please check it.',
    unexpected: 'Something went wrong. Try again in a few minutes.',
  },
)
