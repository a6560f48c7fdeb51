import { defineArea } from './define.ts'

/** Words that every part of the interface shares. */
export const commonText = defineArea(
  {
    cancel: 'Hủy',
    close: 'Đóng',
    save: 'Lưu',
    saving: 'Đang lưu…',
    retry: 'Thử lại',
    back: 'Quay lại',
    loading: 'Đang tải…',
    online: 'Đang hoạt động',
    away: 'Vắng mặt',
    dnd: 'Không làm phiền',
    offline: 'Ngoại tuyến',
    unknown: 'Chưa rõ trạng thái',
    copied: 'Đã sao chép',
    dismiss: 'Bỏ qua',
    failedTitle: 'Không hiển thị được phần này',
    failedLead:
      'Có thể Tám vừa được cập nhật. Tải lại trang là dùng tiếp được; bản nháp và tin chưa gửi vẫn còn.',
    reload: 'Tải lại',
  },
  {
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save',
    saving: 'Saving…',
    retry: 'Try again',
    back: 'Back',
    loading: 'Loading…',
    online: 'Online',
    away: 'Away',
    dnd: 'Do not disturb',
    offline: 'Offline',
    unknown: 'Status unknown',
    copied: 'Copied',
    dismiss: 'Dismiss',
    failedTitle: 'This part cannot be shown',
    failedLead: 'Tám may have just been updated. Reload to go on; drafts and unsent messages are kept.',
    reload: 'Reload',
  },
)
