import type { EventItem } from '@tam/client'
import type { DetailsEntry, MemberEntry } from '@tam/protocol'
import { unreachable } from '@tam/util'
import type { TimelineText } from '../../i18n/timeline.ts'

/** The name of a person as the subject of a sentence ("Bạn"), or as its object ("bạn"). */
export interface Names {
  subject(user: string): string
  object(user: string): string
}

/** The sentence of an event line. */
export function eventText(entry: EventItem['entry'], t: TimelineText, names: Names): string {
  const who = names.subject(entry.from)
  switch (entry.type) {
    case 'created':
      return t.created(who, entry.title)
    case 'member':
      return memberText(entry, t, names)
    case 'details':
      return detailsText(entry, t, who)
    default:
      return unreachable(entry)
  }
}

function memberText(entry: MemberEntry, t: TimelineText, names: Names): string {
  const who = names.subject(entry.from)
  const whom = names.object(entry.user)
  switch (entry.change) {
    case 'added':
      return t.added(who, whom)
    case 'joined':
      return t.joined(names.subject(entry.user))
    case 'left':
      return t.left(names.subject(entry.user))
    case 'removed':
      return t.removed(who, whom)
    case 'role':
      return entry.role === 'owner'
        ? t.madeOwner(who, whom)
        : entry.role === 'admin'
          ? t.madeAdmin(who, whom)
          : t.madeMember(who, whom)
    default:
      return unreachable(entry.change)
  }
}

function detailsText(entry: DetailsEntry, t: TimelineText, who: string): string {
  const { title, topic } = entry
  if (title !== undefined && topic !== undefined && topic !== '') {
    return t.renamedAndTopic(who, title, topic)
  }
  if (title !== undefined) {
    return t.renamed(who, title)
  }
  return topic === undefined || topic === '' ? t.topicCleared(who) : t.topicSet(who, topic)
}
