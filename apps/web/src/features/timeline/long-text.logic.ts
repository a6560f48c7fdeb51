/** Lines of a message that are shown at first; a longer one offers the rest. */
export const LINES_MAX = 24
/** Width of the text, characters; narrower windows break sooner, and the part shown stays as high. */
const LINE_CHARS = 72

/** True when `text` takes more lines than are shown at first. */
export function isLong(text: string): boolean {
  if (text.length < LINES_MAX) {
    return false
  }
  let lines = 0
  for (let start = 0; start <= text.length && lines <= LINES_MAX;) {
    const end = text.indexOf('\n', start)
    const stop = end === -1 ? text.length : end
    lines += Math.max(1, Math.ceil((stop - start) / LINE_CHARS))
    start = stop + 1
  }
  return lines > LINES_MAX
}
