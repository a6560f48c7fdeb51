import { defineArea } from './define.ts'

/** What happened to one's logins; apart from the settings, because it may be told on any page. */
export const securityText = defineArea(
  {
    unknownDevice: 'Thiết bị không rõ',
    loginEnded: (device: string) =>
      `Phiên đăng nhập trên ${device} đã bị kết thúc vì có thể người khác cũng đang dùng nó. Nếu thấy lạ, hãy đổi mật khẩu.`,
  },
  {
    unknownDevice: 'Unknown device',
    loginEnded: (device) =>
      `The sign-in on ${device} was ended, because somebody else may have been using it too. If this surprises you, change your password.`,
  },
)
