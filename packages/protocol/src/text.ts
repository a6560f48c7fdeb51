import { isBlank } from '@tam/util'
import { z } from 'zod'
import { TEXT_MAX_BYTES, TEXT_MAX_GRAPHEMES } from './limits.ts'

let segmenter: Intl.Segmenter | undefined

/** Graphemes of `text`, what a person counts as characters. */
export function countGraphemes(text: string): number {
  let count = 0
  for (const _ of graphemesOf(text)) {
    count++
  }
  return count
}

function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
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

// Overrides of the direction, spaces of no width and tags (but those of flags) could make one text look like another.
// U+200C, U+200D, U+200E and U+200F stay: Persian, Indic scripts, Arabic and Hebrew are written with them.
const DECEPTIVE =
  /[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]|(?<!\u{1f3f4}[\u{e0020}-\u{e007e}]*)[\u{e0000}-\u{e007f}]/u
// In a name no character that nobody sees: no controls of the direction, tags, soft hyphens, fillers, invisible operators.
// ZWJ (U+200D) and the choice of a presentation (U+FE0E, U+FE0F) stay: emoji need them.
const UNSEEN = /(?!\u200d|\ufe0e|\ufe0f)\p{Default_Ignorable_Code_Point}|\u2800/u
// ZWJ joins emoji, and letters after a virama (RFC 5892 A.2); anywhere else nobody sees it.
const UNSEEN_JOINER =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2])\u200d|\u200d$/u
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/u
const CONTROL_IN_LINES = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/u
const ZALGO = /\p{M}{5,}/u
/** UTF-16 units of the longest emoji and some more. */
const GRAPHEME_MAX = 32
const STACKED = 'must have at most 4 marks on a letter'

/** A one-line label people see (name, title): NFC, trimmed, no controls, no deceptive or stacked marks. */
export function label(maxGraphemes: number) {
  return z
    .string()
    .max(maxGraphemes * 16, `must have at most ${maxGraphemes} characters`)
    .refine(isStorable, 'must be valid Unicode without U+0000')
    .transform((text) => text.normalize('NFC').trim())
    .refine((text) => !isBlank(text), 'must not be empty')
    .refine(
      (text) => !CONTROL.test(text) && !UNSEEN.test(text) && !UNSEEN_JOINER.test(text),
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
    .max(maxGraphemes * 16, `must have at most ${maxGraphemes} characters`)
    .refine(isStorable, 'must be valid Unicode without U+0000')
    .transform((text) => text.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim())
    .refine((text) => !control.test(text), 'must not contain control characters')
    .refine((text) => !DECEPTIVE.test(text), 'must not contain invisible characters')
    .refine(isUnstacked, STACKED)
    .refine((text) => countGraphemes(text) <= maxGraphemes, `must have at most ${maxGraphemes} characters`)
}

function isUnstacked(text: string): boolean {
  // What nobody sees would part a pile of marks in two.
  const marks = text.normalize('NFD').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
  return !ZALGO.test(marks) && [...graphemesOf(text)].every(({ segment }) => segment.length <= GRAPHEME_MAX)
}
