import { expect, test } from 'bun:test'
import { copiedText } from './copied-text.logic.ts'

test('[TL-20] the name and time stand once above each group', () => {
  const huong = { author: 'Phạm Thu Hường', time: '14:02' }
  expect(
    copiedText([
      { ...huong, head: true, text: 'Chào cả nhà' },
      { ...huong, head: false, text: 'Mai họp nhé\nlúc 9:00' },
      { author: 'Ngô Quang Đạt', time: '14:05', head: true, text: 'Dạ' },
    ]),
  ).toBe('Phạm Thu Hường, 14:02\nChào cả nhà\nMai họp nhé\nlúc 9:00\n\nNgô Quang Đạt, 14:05\nDạ')
})

test('[TL-20] a selection that begins inside a group says whose it is', () => {
  const an = { author: 'Nguyễn Văn An', time: '09:00', head: false }
  expect(
    copiedText([
      { ...an, text: 'một' },
      { ...an, text: 'hai' },
    ]),
  ).toBe('Nguyễn Văn An, 09:00\nmột\nhai')
})
