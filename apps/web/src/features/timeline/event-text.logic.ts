import type { EventItem } from '@tam/client'
import type { DetailsEntry, MemberEntry } from '@tam/protocol'
import { unreachable } from '@tam/util'
import type { TimelineText } from '../../i18n/timeline.ts'
import type { EventRun } from './event-runs.logic.ts'

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

/** The people of a run of membership changes, oneself first. */
export function peopleOf({ run }: EventRun, me: string): readonly string[] {
  const people = run.flatMap(({ entry }) => (entry.type === 'member' ? [entry.user] : []))
  const unique = [...new Set(people)]
  return unique.includes(me) ? [me, ...unique.filter((user) => user !== me)] : unique
}

/** Of a run this many people are named; the others are counted. */
export const NAMED_MAX = 2

/** The sentence of a run: "Trúc đã thêm An, Bình và 497 người khác". Up to one more than NAMED_MAX are all named. */
export function runText(run: EventRun, people: readonly string[], t: TimelineText, names: Names): string {
  const { entry } = run
  if (entry.type !== 'member') {
    return eventText(entry, t, names)
  }
  const isSubject = entry.change === 'joined' || entry.change === 'left'
  const [first, ...rest] = people
  const named = [
    first === undefined ? '' : isSubject ? names.subject(first) : names.object(first),
    ...rest.slice(0, NAMED_MAX).map((user) => names.object(user)),
  ]
  const everybody = people.length <= NAMED_MAX + 1
  const list = everybody
    ? named.length === 1
      ? named.join('')
      : t.andOne(named.slice(0, -1).join(', '), named.at(-1) ?? '')
    : t.andOthers(named.slice(0, NAMED_MAX).join(', '), people.length - NAMED_MAX)
  return memberText(entry, t, names, list)
}

/** `people`: who joined, left, was added or removed, when it is not only `entry.user`. */
function memberText(entry: MemberEntry, t: TimelineText, names: Names, people?: string): string {
  const who = names.subject(entry.from)
  const whom = people ?? names.object(entry.user)
  switch (entry.change) {
    case 'added':
      return t.added(who, whom)
    case 'joined':
      return t.joined(people ?? names.subject(entry.user))
    case 'left':
      return t.left(people ?? names.subject(entry.user))
    case 'removed':
      return t.removed(who, whom)
    case 'role':
      return roleText(entry, t, who, whom)
    default:
      return unreachable(entry.change)
  }
}

function roleText({ role, from, user }: MemberEntry, t: TimelineText, who: string, whom: string): string {
  if (from === user) {
    // Only owners give roles, so oneself gets a lesser one.
    return role === 'admin' ? t.steppedDownToAdmin(who) : t.steppedDownToMember(who)
  }
  const made = { owner: t.madeOwner, admin: t.madeAdmin, member: t.madeMember }
  return made[role ?? 'member'](who, whom)
}

function detailsText(entry: DetailsEntry, t: TimelineText, who: string): string {
  const { title, topic } = entry
  if (title !== undefined && topic !== undefined) {
    return topic === '' ? t.renamedTopicCleared(who, title) : t.renamedAndTopic(who, title, topic)
  }
  if (title !== undefined) {
    return t.renamed(who, title)
  }
  return topic === undefined || topic === '' ? t.topicCleared(who) : t.topicSet(who, topic)
}
