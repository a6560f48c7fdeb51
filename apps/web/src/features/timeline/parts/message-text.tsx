import { memo, useMemo } from 'react'
import { isEmojiOnly } from '../emoji.logic.ts'
import { linkify } from '../linkify.logic.ts'

/** Characters that turn the direction of what follows, until others end it: nothing behind the text is to follow. */
const EMBEDDING = /[\u202A-\u202E\u2066-\u2069]/

interface MessageTextProps {
  readonly text: string
  /** Links are tab stops only in the row the keyboard is on. */
  readonly focusable: boolean
}

/** A message's text: text nodes and safe links, line breaks as written, one to six emoji alone drawn large. */
export const MessageText = memo(function MessageText({ text, focusable }: MessageTextProps) {
  const pieces = useMemo(() => linkify(text), [text])
  if (isEmojiOnly(text)) {
    return <span className="text-hero/10">{text}</span>
  }
  const all = pieces.map((piece, index) =>
    piece.type === 'text' ? (
      piece.text
    ) : (
      <a
        // oxlint-disable-next-line react/no-array-index-key -- the pieces of a text never move
        key={index}
        href={piece.href}
        target="_blank"
        rel="noopener noreferrer ugc"
        tabIndex={focusable ? 0 : -1}
        className="text-accent-text underline decoration-1 underline-offset-2 hover:decoration-2"
      >
        {piece.text}
      </a>
    ),
  )
  return EMBEDDING.test(text) ? <span className="isolate-text">{all}</span> : all
})
