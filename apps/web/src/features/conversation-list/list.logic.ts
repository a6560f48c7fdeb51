import type { Conversation } from '@tam/protocol'
import { UNREAD_EXACT_MAX } from '@tam/protocol/limits'

export interface Sections {
  /** By title. */
  readonly channels: readonly Conversation[]
  /** Direct conversations and groups, newest activity first. */
  readonly chats: readonly Conversation[]
}

/** Splits the list, which comes newest activity first, into what the sidebar shows. */
export function toSections(
  conversations: readonly Conversation[],
  compare: (a: string, b: string) => number,
): Sections {
  const channels = conversations.filter(({ kind }) => kind === 'channel')
  return {
    channels: channels.sort((a, b) => compare(a.title ?? '', b.title ?? '')),
    chats: conversations.filter(({ kind }) => kind !== 'channel'),
  }
}

/** `7`, `99+`. */
export function badgeText(unread: number): string {
  return unread > UNREAD_EXACT_MAX ? `${UNREAD_EXACT_MAX}+` : String(unread)
}

/** What the title and the icon tell: messages written to the person alone count, everything else is a dot. */
export interface Attention {
  readonly direct: number
  readonly any: boolean
}

export function attentionOf(conversations: readonly Conversation[]): Attention {
  const unread = conversations.filter((one) => one.unread > 0)
  const direct = unread.filter(({ kind }) => kind === 'direct').reduce((sum, one) => sum + one.unread, 0)
  return { direct, any: unread.length > 0 }
}

/** One line of a message for the list: marks of formatting and line breaks disappear. */
export function oneLine(text: string): string {
  return text
    .slice(0, 200)
    .replaceAll(/```|\*\*|`/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** The id `step` places from `current` in `ids`, round the ends; the first when `current` is not there. */
export function neighbour(
  ids: readonly string[],
  current: string | undefined,
  step: 1 | -1,
): string | undefined {
  const index = current === undefined ? -1 : ids.indexOf(current)
  if (index === -1) {
    return step === 1 ? ids[0] : ids.at(-1)
  }
  return ids[(index + step + ids.length) % ids.length]
}
