import type { Presence } from '@tam/protocol'
import type { commonText } from '../../i18n/common.ts'
import type { Formats } from '../../i18n/formats.ts'

export interface PresenceTextOptions {
  readonly t: (typeof commonText)['vi']
  readonly formats: Pick<Formats, 'relative'>
  /** Wall milliseconds. */
  readonly now: number
  /** The conversation it is shown in. */
  readonly conv?: string | undefined
}

/** A status in words, with its age: that somebody is in this very conversation, or since when they are gone. */
export function presenceText(presence: Presence, { t, formats, now, conv }: PresenceTextOptions): string {
  const { status, since, convs = [] } = presence
  if (status === 'online' && conv !== undefined && convs.includes(conv)) {
    return t.inThisChat
  }
  const isGone = status === 'offline' || status === 'away'
  if (!isGone || since === undefined) {
    return t[status]
  }
  const when = formats.relative(since, Math.max(now, Date.parse(since)))
  return status === 'away' ? t.awaySince(when) : t.lastSeen(when)
}
