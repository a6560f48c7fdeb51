/** A piece of message text: as written, or a link whose `href` is http, https or mailto and nothing else. */
export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string }

/** Links in one message at most; what follows stays text, so that no message can flood the DOM. */
export const LINKS_MAX = 40

// Linear by construction: no nested repetition. The address form needs a dot in the domain.
const CANDIDATE =
  /\bhttps?:\/\/[^\s<>"]+|\bwww(?:\.[a-z0-9-]{1,63}){2,8}(?![a-z0-9@_%+-])(?:[/?#][^\s<>"]*)?|\bmailto:[^\s<>"]+|[\p{L}\p{N}._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/giu
const TRAILING = /[.,;:!?…'"“”‘’»)\]}]/u
const BRACKETS = ['()', '[]', '{}'].map((pair) => [pair.charAt(0), pair.charAt(1)] as const)

/** Cuts `text` into plain pieces and safe links; the pieces joined are exactly `text`. */
export function linkify(text: string): readonly Piece[] {
  if (!text.includes('://') && !text.includes('@') && !/mailto:|www\./i.test(text)) {
    return [{ type: 'text', text }]
  }
  const pieces: Piece[] = []
  let done = 0
  let links = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const written = trimEnd(match[0])
    const href = links < LINKS_MAX ? safeHref(written) : undefined
    if (href === undefined) {
      continue
    }
    links++
    if (match.index > done) {
      pieces.push({ type: 'text', text: text.slice(done, match.index) })
    }
    pieces.push({ type: 'link', text: written, href })
    done = match.index + written.length
  }
  if (done < text.length) {
    pieces.push({ type: 'text', text: text.slice(done) })
  }
  return pieces
}

/** Leaves out punctuation that ends the sentence, not the address; a bracket stays when it was opened inside. */
function trimEnd(candidate: string): string {
  const surplus = new Map(
    BRACKETS.map(([open, close]) => [close, count(candidate, close) - count(candidate, open)]),
  )
  let end = candidate.length
  while (end > 0 && TRAILING.test(candidate[end - 1] ?? '')) {
    const left = surplus.get(candidate[end - 1] ?? '')
    if (left !== undefined && left <= 0) {
      break
    }
    if (left !== undefined) {
      surplus.set(candidate[end - 1] ?? '', left - 1)
    }
    end--
  }
  return candidate.slice(0, end)
}

function count(text: string, sign: string): number {
  return text.split(sign).length - 1
}

function withScheme(written: string): string {
  if (/^(?:https?|mailto):/i.test(written)) {
    return written
  }
  return /^www\.[^@]+(?:[/?#]|$)/i.test(written) ? `https://${written}` : `mailto:${written}`
}

function safeHref(written: string): string | undefined {
  const address = withScheme(written)
  if (!URL.canParse(address)) {
    return undefined
  }
  const url = new URL(address)
  const complete = url.protocol === 'mailto:' ? url.pathname.includes('@') : url.hostname !== ''
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) && complete ? url.href : undefined
}
