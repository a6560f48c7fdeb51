import { expect, test } from 'bun:test'
import { isLong, LINES_MAX } from './long-text.logic.ts'

const lines = (count: number) => Array.from({ length: count }, (_, index) => `dòng ${index}`).join('\n')

test.each([
  ['a word', 'chào', false],
  ['as many lines as are shown', lines(LINES_MAX), false],
  ['one line more', lines(LINES_MAX + 1), true],
  ['a paragraph that fits', 'a'.repeat(72 * LINES_MAX), false],
  ['a paragraph that does not', 'a'.repeat(72 * LINES_MAX + 1), true],
  ['empty lines count', '\n'.repeat(LINES_MAX), true],
])('[TL-16] %s', (_, text, long) => {
  expect(isLong(text)).toBe(long)
})
