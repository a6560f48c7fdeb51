import { expect, test } from 'bun:test'
import { composerText } from '../../i18n/composer.ts'
import { isBlank, keyIntent, limitOf, outgoingText, type KeyPress } from './composer.logic.ts'
import { splitNames, typingSentence } from './typing.logic.ts'

const enter = (change: Partial<KeyPress> = {}): KeyPress => ({
  key: 'Enter',
  keyCode: 13,
  isComposing: false,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...change,
})

test('IME-01 IME-02 a key of the input method means nothing to us', () => {
  expect(keyIntent(enter({ isComposing: true }), 'enter')).toBe('none')
  expect(keyIntent(enter({ keyCode: 229 }), 'enter')).toBe('none')
  expect(keyIntent(enter({ key: 'Escape', keyCode: 229 }), 'enter')).toBe('none')
})

test('CMP-08 Enter, Shift+Enter and Ctrl+Enter under both settings', () => {
  expect(keyIntent(enter(), 'enter')).toBe('send')
  expect(keyIntent(enter({ shiftKey: true }), 'enter')).toBe('none')
  expect(keyIntent(enter({ altKey: true }), 'enter')).toBe('none')
  expect(keyIntent(enter(), 'mod-enter')).toBe('none')
  expect(keyIntent(enter({ ctrlKey: true }), 'mod-enter')).toBe('send')
  expect(keyIntent(enter({ metaKey: true }), 'mod-enter')).toBe('send')
})

test('CMP-24 a key held down sends nothing more', () => {
  expect(keyIntent(enter({ repeat: true }), 'enter')).toBe('swallow')
})

test('IME-12 what is sent is NFC and storable, without blank lines around it', () => {
  expect(outgoingText('Hường'.normalize('NFD'))).toBe('Hường')
  expect(outgoingText('\n \n  thụt vào\nhai \n\n')).toBe('  thụt vào\nhai')
  expect(outgoingText('a\u0000b\ud800')).toBe('ab\ufffd')
  expect(outgoingText('chào :)')).toBe('chào :)')
})

test('CMP-10 white space is nothing to send', () => {
  expect(['', ' ', '\n\t ', '\u00a0\u3000', '\u200b\u3164'].every(isBlank)).toBe(true)
  expect(isBlank(' a ')).toBe(false)
})

test('CMP-10 IME-12 the limit counts what people call characters, and bytes', () => {
  expect(limitOf('a'.repeat(3_000))).toEqual({ state: 'fine' })
  expect(limitOf('ữ'.repeat(3_900))).toEqual({ state: 'near', remaining: 100 })
  expect(limitOf('ữ'.normalize('NFD').repeat(3_900))).toEqual({ state: 'near', remaining: 100 })
  expect(limitOf('a'.repeat(4_000))).toEqual({ state: 'near', remaining: 0 })
  expect(limitOf('a'.repeat(4_007))).toEqual({ state: 'over', over: 7 })
  expect(limitOf('👩‍👩‍👧‍👦'.repeat(1_000))).toEqual({ state: 'too-big' })
  expect(limitOf('a'.repeat(3_000_000))).toEqual({ state: 'too-big' })
})

test('PRS-03 the typing sentence sets names apart', () => {
  const text = (names: string[]) =>
    splitNames(typingSentence(names, composerText.vi))
      .map((part) => (part.isName ? `[${part.text}]` : part.text))
      .join('')
  expect(text([])).toBe('')
  expect(text(['Hường'])).toBe('[Hường] đang nhập…')
  expect(text(['Hường', 'Đạt'])).toBe('[Hường] và [Đạt] đang nhập…')
  expect(text(['Hường', 'Đạt', 'An', 'Mai'])).toBe('[Hường], [Đạt] và 2 người khác đang nhập…')
})
