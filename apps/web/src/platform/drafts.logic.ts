/** What is written in one conversation and not sent. */
export interface Draft {
  /** NFC. */
  readonly text: string
  /** Seq of the message it answers. */
  readonly replyTo: number | null
  readonly selectionStart: number
  readonly selectionEnd: number
}

export const EMPTY_DRAFT: Draft = { text: '', replyTo: null, selectionStart: 0, selectionEnd: 0 }

export function isEmptyDraft(draft: Draft): boolean {
  return draft.text === '' && draft.replyTo === null
}

export function sameDraft(a: Draft, b: Draft): boolean {
  return (
    a.text === b.text &&
    a.replyTo === b.replyTo &&
    a.selectionStart === b.selectionStart &&
    a.selectionEnd === b.selectionEnd
  )
}

/** Characters of the preview at most; the list cuts it to its width. */
const PREVIEW_MAX = 120

/** The first line with something in it; whitespace alone is no draft to speak of. */
export function previewOf(text: string): string {
  const line = text.trimStart().slice(0, PREVIEW_MAX).split('\n', 1)[0] ?? ''
  return line.trimEnd()
}

/** A draft as the device kept it; undefined when something else stands there (another version, a broken disk). */
export function parseDraft(value: unknown): Draft | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined
  }
  const { text, replyTo, selectionStart, selectionEnd } = value as Record<string, unknown>
  if (typeof text !== 'string' || (replyTo !== null && typeof replyTo !== 'number')) {
    return undefined
  }
  return {
    text,
    replyTo,
    selectionStart: typeof selectionStart === 'number' ? selectionStart : text.length,
    selectionEnd: typeof selectionEnd === 'number' ? selectionEnd : text.length,
  }
}
