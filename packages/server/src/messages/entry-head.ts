/*
 * Reads the head of an encoded entry without parsing it. Every body is made by encodeBody with `type` first and,
 * in messages, `id` and `from` next; none of them holds a quote. entry-head.test.ts pins this to the encoder.
 */

const MESSAGE = '"type":"message"'
const FROM = '"from":"'
const AFTER_SEQ = '{"seq":1'.length

/** True for an entry that a person wrote. */
export function isMessage(entry: string): boolean {
  return entry.startsWith(MESSAGE, entry.indexOf(',', AFTER_SEQ) + 1)
}

/** True for a message by somebody other than `user`: what unread counts. */
export function countsFor(user: string, entry: string): boolean {
  const start = entry.indexOf(',', AFTER_SEQ) + 1
  if (!entry.startsWith(MESSAGE, start)) {
    return false
  }
  const from = entry.indexOf(FROM, start + MESSAGE.length) + FROM.length
  return !(entry.startsWith(user, from) && entry[from + user.length] === '"')
}

/** The seq of an entry. */
export function seqOf(entry: string): number {
  return Number(entry.slice('{"seq":'.length, entry.indexOf(',', AFTER_SEQ)))
}
