import { isBlank } from '@tam/util'
import { z } from 'zod'
import { TEXT_MAX_BYTES, TEXT_MAX_GRAPHEMES } from './limits.ts'

let segmenter: Intl.Segmenter | undefined

/** Graphemes of `text`, what a person counts as characters. */
export function countGraphemes(text: string): number {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  let count = 0
  for (const _ of segmenter.segment(text)) {
    count++
  }
  return count
}

/** True when `text` holds only Unicode scalar values (no lone surrogate) and no U+0000. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000')
}

/** True when `text` (NFC) is within the grapheme and byte limits of a message. */
export function fitsMessage(text: string): boolean {
  // UTF-16 units bound both: a grapheme has at least one, a unit has at most three UTF-8 bytes.
  if (text.length <= TEXT_MAX_GRAPHEMES) {
    return true
  }
  return (
    text.length <= TEXT_MAX_BYTES &&
    new TextEncoder().encode(text).length <= TEXT_MAX_BYTES &&
    countGraphemes(text) <= TEXT_MAX_GRAPHEMES
  )
}

/** A message's text as it arrives; stored as NFC. */
export const MessageText = z
  .string()
  .refine(isStorable, 'must be valid Unicode without U+0000')
  .transform((text) => text.normalize('NFC'))
  .refine((text) => !isBlank(text), 'must not be empty')
  .refine(fitsMessage, `must have at most ${TEXT_MAX_GRAPHEMES} characters and ${TEXT_MAX_BYTES} bytes`)

// Bidi controls, zero-width and tag characters could make one text look like another.
const DECEPTIVE = /[\u202a-\u202e\u2066-\u2069\u200b\u200c\u200e\u200f\u2060\ufeff\u{e0000}-\u{e007f}]/u
// In a name also every other character that nobody sees: soft hyphens, fillers, invisible operators.
// ZWJ (U+200D) and the choice of a presentation (U+FE0E, U+FE0F) stay: emoji need them.
const UNSEEN = /(?!\u200d|\ufe0e|\ufe0f)\p{Default_Ignorable_Code_Point}|\u2800/u
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u
const CONTROL_IN_LINES = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/u
const ZALGO = /\p{M}{5,}/u
const STACKED = 'must have at most 4 marks on a letter'

/** A one-line label people see (name, title): NFC, trimmed, no controls, no deceptive or stacked marks. */
export function label(maxGraphemes: number) {
  return z
    .string()
    .max(maxGraphemes * 16)
    .refine(isStorable, 'must be valid Unicode without U+0000')
    .transform((text) => text.normalize('NFC').trim())
    .refine((text) => !isBlank(text), 'must not be empty')
    .refine(
      (text) => !CONTROL.test(text) && !UNSEEN.test(text),
      'must not contain control or invisible characters',
    )
    .refine(isUnstacked, STACKED)
    .refine((text) => countGraphemes(text) <= maxGraphemes, `must have at most ${maxGraphemes} characters`)
}

/** Free text of several lines (bio, topic), possibly empty: NFC, trimmed, lines end in U+000A. */
export function paragraph(maxGraphemes: number) {
  return freeText(maxGraphemes, CONTROL_IN_LINES)
}

/** Free text of one line (status), possibly empty: NFC, trimmed. */
export function line(maxGraphemes: number) {
  return freeText(maxGraphemes, CONTROL)
}

function freeText(maxGraphemes: number, control: RegExp) {
  return z
    .string()
    .max(maxGraphemes * 16)
    .refine(isStorable, 'must be valid Unicode without U+0000')
    .transform((text) => text.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim())
    .refine((text) => !control.test(text), 'must not contain control characters')
    .refine((text) => !DECEPTIVE.test(text), 'must not contain invisible characters')
    .refine(isUnstacked, STACKED)
    .refine((text) => countGraphemes(text) <= maxGraphemes, `must have at most ${maxGraphemes} characters`)
}

function isUnstacked(text: string): boolean {
  return !ZALGO.test(text.normalize('NFD'))
}
