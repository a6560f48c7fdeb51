import { TEXT_MAX_BYTES, TEXT_MAX_GRAPHEMES } from '@tam/protocol/limits'
import { isBlank } from '@tam/util'

/**
 * True when the server will take `text` (NFC): storable, not blank, within both limits. The rule of the protocol's
 * `MessageText`, without the schema library; a test holds the two together.
 */
export function isSendable(text: string): boolean {
  return !isBlank(text) && text.isWellFormed() && !text.includes('\u0000') && fits(text)
}

function fits(text: string): boolean {
  // A grapheme has at least one UTF-16 unit, a unit at most three UTF-8 bytes.
  if (text.length <= TEXT_MAX_GRAPHEMES) {
    return true
  }
  if (text.length > TEXT_MAX_BYTES || new TextEncoder().encode(text).length > TEXT_MAX_BYTES) {
    return false
  }
  return (
    [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].length <= TEXT_MAX_GRAPHEMES
  )
}
