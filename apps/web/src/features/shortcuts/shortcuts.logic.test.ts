import { expect, test } from 'bun:test'
import { shortcutsText } from '../../i18n/shortcuts.ts'
import { keyCap } from '../../platform/keyboard.ts'
import { allShortcuts, findShortcuts } from './shortcuts.logic.ts'

const cap = (key: string) => keyCap(key, false)
const found = (query: string, locale: 'vi' | 'en' = 'vi') =>
  findShortcuts(allShortcuts(shortcutsText[locale], 'enter'), query, cap).flatMap(({ shortcuts }) =>
    shortcuts.map(({ text }) => text),
  )

test('[A11-12] words are found with and without marks, in the language of the interface', () => {
  expect(found('xuong dong')).toEqual(['Xuống dòng'])
  expect(found('xuống dòng')).toEqual(['Xuống dòng'])
  expect(found('new line', 'en')).toEqual(['New line'])
  expect(found('new line')).toEqual([])
})

test('[A11-12] keys are found by their names', () => {
  expect(found('ctrl k')).toEqual(['Tìm hoặc chuyển đến cuộc trò chuyện'])
  expect(found('Ctrl+K')).toEqual(['Tìm hoặc chuyển đến cuộc trò chuyện'])
  expect(found('shift esc')).toEqual(['Đánh dấu tất cả là đã đọc'])
})

test('[A11-12] without a query everything is there; without a match no empty group is left', () => {
  expect(found('').length).toBe(18)
  expect(findShortcuts(allShortcuts(shortcutsText.vi, 'enter'), 'zzz', cap)).toEqual([])
})

test('[A11-12] the key that sends is the one that was chosen', () => {
  const sendChords = (sendKey: 'enter' | 'mod-enter') =>
    allShortcuts(shortcutsText.en, sendKey)
      .flatMap(({ shortcuts }) => shortcuts)
      .find(({ text }) => text === 'Send the message')?.chords
  expect(sendChords('enter')).toEqual([['Enter']])
  expect(sendChords('mod-enter')).toEqual([['mod', 'Enter']])
})

test('[A11-12] caps are those of the platform', () => {
  const caps = (isApple: boolean) => ['mod', 'alt', 'shift', 'K'].map((key) => keyCap(key, isApple))
  expect(caps(false)).toEqual(['Ctrl', 'Alt', 'Shift', 'K'])
  expect(caps(true)).toEqual(['⌘', '⌥', '⇧', 'K'])
})
