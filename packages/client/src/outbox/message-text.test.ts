import { expect, test } from 'bun:test'
import { MessageText } from '@tam/protocol'
import { isSendable } from './message-text.ts'

const family = '👨‍👩‍👧‍👦'
const texts: [what: string, text: string][] = [
  ['a greeting', 'Chào buổi sáng, ẪẮỖỰỢ ặ ỵ'],
  ['nothing', ''],
  ['blanks', ' \n\t　'],
  ['what nobody sees', '\u200b\u3164\u2800\u00ad\u0007\ufe0f'],
  ['a joiner between emoji', family],
  ['U+0000', 'a\u0000b'],
  ['a lone surrogate', 'a\ud800'],
  ['4,000 letters', 'ế'.repeat(4_000)],
  ['4,001 letters', 'ế'.repeat(4_001)],
  ['4,001 ASCII letters', 'a'.repeat(4_001)],
  ['few graphemes of many bytes', family.repeat(600)],
  ['graphemes up to the byte limit', family.repeat(655)],
  ['graphemes over the byte limit', family.repeat(656)],
]

for (const [what, text] of texts) {
  test(`[SN9] ${what}: the client judges as the server does`, () => {
    expect(isSendable(text.normalize('NFC'))).toBe(MessageText.safeParse(text).success)
  })
}
