/** Mark the beginning and the end of text whose direction is its own (first strong isolate, pop isolate); invisible. */
export const ISOLATE = '\u2068'
export const END_ISOLATE = '\u2069'

/** A letter of a script that is written from the right. */
const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** What somebody wrote, for the middle of a sentence: an Arabic name must not move the words and times around it. */
export function isolated(text: string): string {
  return FROM_THE_RIGHT.test(text) && !text.startsWith(ISOLATE) ? ISOLATE + text + END_ISOLATE : text
}
