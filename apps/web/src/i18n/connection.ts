import { defineArea } from './define.ts'
import { formatNumber, plural } from './plural.ts'

export const connectionText = defineArea(
  {
    region: 'Kết nối',
    lost: 'Mất kết nối. Đang thử lại…',
    lostRetryIn: (seconds: number) => `Mất kết nối. Đang thử lại sau ${formatNumber('vi', seconds)} giây…`,
    tryNow: 'Thử ngay',
    back: 'Đã kết nối lại',
    replaced: 'Tám đang mở ở quá nhiều nơi, cửa sổ này đã ngừng cập nhật.',
    forbidden: 'Máy chủ từ chối kết nối. Hãy tải lại trang.',
  },
  {
    region: 'Connection',
    lost: 'Connection lost. Retrying…',
    lostRetryIn: (seconds) =>
      `Connection lost. Retrying in ${plural(seconds, { one: '# second', other: '# seconds' })}…`,
    tryNow: 'Try now',
    back: 'Connected again',
    replaced: 'Tám is open in too many places; this window no longer updates.',
    forbidden: 'The server refuses the connection. Please reload the page.',
  },
)
