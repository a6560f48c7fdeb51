import type { Readable } from '@tam/client'
import { TEXT_MAX_GRAPHEMES } from '@tam/protocol/limits'
import { useReadable } from '../../hooks/use-readable.ts'
import { composerText } from '../../i18n/composer.ts'
import { useT } from '../../i18n/locale.tsx'
import type { Limit } from './composer.logic.ts'

/** How much room is left when there is little, and why a message cannot be sent when there is none. */
export function LimitNote({ limit }: { limit: Readable<Limit> }) {
  const now = useReadable(limit)
  const t = useT(composerText)
  return (
    <p
      id="composer-limit"
      role="status"
      className="px-3.5 text-meta font-medium text-danger-text tabular-nums empty:hidden"
    >
      {noteOf(now, t)}
    </p>
  )
}

function noteOf(limit: Limit, t: (typeof composerText)['vi']): string {
  switch (limit.state) {
    case 'fine':
      return ''
    case 'near':
      return t.remaining(limit.remaining)
    case 'over':
      return t.tooLong(limit.over, TEXT_MAX_GRAPHEMES)
    case 'too-big':
      return t.tooBig
    case 'paste-refused':
      return t.pasteRefused(TEXT_MAX_GRAPHEMES)
  }
}
