import { TEXT_MAX_BYTES, TEXT_MAX_GRAPHEMES } from '@tam/protocol/limits'

/** Which key sends: Enter alone, or Enter with Ctrl or Cmd. */
export type SendKey = 'enter' | 'mod-enter'

/** What a key press in the composer means; `none` leaves it to the browser. */
export type KeyIntent = 'send' | 'swallow' | 'cancel' | 'none'

export interface KeyPress {
  readonly key: string
  readonly keyCode: number
  readonly isComposing: boolean
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly repeat: boolean
}

/** The keyCode of every key press that an input method took for itself. */
const IME_KEY_CODE = 229

/**
 * True when the key belongs to an input method. `isComposing` alone is not enough: Safari's Enter that confirms a
 * word comes after `compositionend`, with keyCode 229.
 */
export function belongsToIme(press: Pick<KeyPress, 'isComposing' | 'keyCode'>): boolean {
  return press.isComposing || press.keyCode === IME_KEY_CODE
}

export function keyIntent(press: KeyPress, sendKey: SendKey): KeyIntent {
  if (belongsToIme(press)) {
    return 'none'
  }
  if (press.key === 'Escape') {
    return press.shiftKey ? 'none' : 'cancel'
  }
  if (press.key !== 'Enter' || press.shiftKey || press.altKey) {
    return 'none'
  }
  const mod = press.ctrlKey || press.metaKey
  if (sendKey === 'mod-enter' && !mod) {
    return 'none'
  }
  // A key held down sends once and must not leave empty lines either.
  return press.repeat ? 'swallow' : 'send'
}

/** The text as it is sent: NFC, without what no server stores, without blank lines around it. Else as typed. */
export function outgoingText(typed: string): string {
  return typed
    .toWellFormed()
    .replaceAll('\u0000', '')
    .replace(/^(?:[^\S\n]*\n)+/, '')
    .trimEnd()
    .normalize('NFC')
}

export { isBlank } from '@tam/util'

/** Room left at which the counter appears. */
export const COUNTER_FROM = 200

/**
 * A paste that would make the text longer than this is refused: no message is half as long, and browsers take a
 * second for every key in a field of 64 K.
 */
export const FIELD_MAX_CHARS = 20_000

/** fine: far from the limit · near: `remaining` characters left · over: `over` too many · too-big: in bytes · paste-refused: see FIELD_MAX_CHARS. */
export type Limit =
  | { readonly state: 'fine' }
  | { readonly state: 'near'; readonly remaining: number }
  | { readonly state: 'over'; readonly over: number }
  | { readonly state: 'too-big' }
  | { readonly state: 'paste-refused' }

const FINE: Limit = { state: 'fine' }
const TOO_BIG: Limit = { state: 'too-big' }

/** How near `typed` is to what one message may hold. */
export function limitOf(typed: string): Limit {
  // A grapheme has at least one UTF-16 unit and a unit at most three bytes: most texts need no counting.
  if (typed.length <= TEXT_MAX_GRAPHEMES - COUNTER_FROM) {
    return FINE
  }
  if (typed.length > 2 * TEXT_MAX_BYTES) {
    return TOO_BIG
  }
  const text = outgoingText(typed)
  const count = countGraphemes(text)
  if (count > TEXT_MAX_GRAPHEMES) {
    return { state: 'over', over: count - TEXT_MAX_GRAPHEMES }
  }
  if (new TextEncoder().encode(text).length > TEXT_MAX_BYTES) {
    return TOO_BIG
  }
  const remaining = TEXT_MAX_GRAPHEMES - count
  return remaining <= COUNTER_FROM ? { state: 'near', remaining } : FINE
}

export function sameLimit(a: Limit, b: Limit): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

export function blocksSending(limit: Limit): boolean {
  return limit.state === 'over' || limit.state === 'too-big'
}

function countGraphemes(text: string): number {
  let count = 0
  for (const _ of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    count++
  }
  return count
}
