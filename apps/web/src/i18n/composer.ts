import { defineArea } from './define.ts'
import { formatNumber, plural } from './plural.ts'

/** Where a message is written, and who else is writing. */
export const composerText = defineArea(
  {
    region: 'Soạn tin',
    placeholderPerson: (name: string) => `Nhắn cho ${name}`,
    placeholderChannel: (title: string) => `Nhắn vào #${title}`,
    placeholderGroup: (title: string) => `Nhắn vào ${title}`,
    placeholder: 'Viết tin nhắn',
    send: 'Gửi',
    hintEnter: 'Enter để gửi, Shift+Enter để xuống dòng',
    changeSendKey: 'Đổi phím gửi tin',
    hintModEnter: (key: string) => `${key}+Enter để gửi`,
    replyTo: (name: string) => `Trả lời ${name}`,
    replyToOwn: 'Trả lời tin của bạn',
    replyToEarlier: 'Trả lời tin nhắn trước đó',
    cancelReply: 'Bỏ trả lời',
    remaining: (count: number) => `Còn ${formatNumber('vi', count)} ký tự`,
    tooLong: (over: number, max: number) =>
      `Tin dài quá ${formatNumber('vi', max)} ký tự, bớt ${formatNumber('vi', over)} ký tự để gửi`,
    tooBig: 'Tin quá lớn, hãy chia thành vài tin',
    pasteRefused: (max: number) =>
      `Đoạn vừa dán quá dài nên chưa được thêm vào. Một tin có tối đa ${formatNumber('vi', max)} ký tự.`,
    notMember: 'Bạn không còn ở trong cuộc trò chuyện này nên không thể gửi tin.',
    keptDraft: 'Bản nháp của bạn',
    copyDraft: 'Sao chép',
    draftCopied: 'Đã sao chép bản nháp',
    deleteDraft: 'Xóa bản nháp',
    typingOne: (a: string) => `${a} đang nhập…`,
    typingTwo: (a: string, b: string) => `${a} và ${b} đang nhập…`,
    typingMany: (a: string, b: string, others: number) =>
      `${a}, ${b} và ${formatNumber('vi', others)} người khác đang nhập…`,
    typingSomeone: 'Có người đang nhập…',
  },
  {
    region: 'Write a message',
    placeholderPerson: (name) => `Message ${name}`,
    placeholderChannel: (title) => `Message #${title}`,
    placeholderGroup: (title) => `Message ${title}`,
    placeholder: 'Write a message',
    send: 'Send',
    hintEnter: 'Enter to send, Shift+Enter for a new line',
    changeSendKey: 'Change the key that sends',
    hintModEnter: (key) => `${key}+Enter to send`,
    replyTo: (name) => `Reply to ${name}`,
    replyToOwn: 'Reply to your own message',
    replyToEarlier: 'Reply to an earlier message',
    cancelReply: 'Cancel reply',
    remaining: (count) => plural(count, { one: '# character left', other: '# characters left' }),
    tooLong: (over, max) =>
      `Over the limit of ${formatNumber('en', max)} characters: ${plural(over, { one: 'remove # character', other: 'remove # characters' })} to send`,
    tooBig: 'The message is too large, split it into several',
    pasteRefused: (max) =>
      `What you pasted is too long and was not added. A message has at most ${plural(max, { one: '# character', other: '# characters' })}.`,
    notMember: 'You are no longer in this conversation, so you cannot write here.',
    keptDraft: 'Your draft',
    copyDraft: 'Copy',
    draftCopied: 'Draft copied',
    deleteDraft: 'Delete the draft',
    typingOne: (a) => `${a} is typing…`,
    typingTwo: (a, b) => `${a} and ${b} are typing…`,
    typingMany: (a, b, others) =>
      `${a}, ${b} and ${plural(others, { one: '# other', other: '# others' })} are typing…`,
    typingSomeone: 'Someone is typing…',
  },
)
