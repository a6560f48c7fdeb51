import type { PresenceSettings } from '@tam/protocol'
import type { Whereabouts } from './merge.ts'
import { decodeHead, decodeLines, type Roster } from './roster.ts'

/*
 * What chat servers and presence servers say to each other over the bus. To the topic of a shard: changed leases,
 * `<node> ` before an encoded roster that holds the changed lines only; questions, in JSON. To the topic of a chat
 * server: answers, in JSON.
 */

/** A chat server has these people on somebody's screen. */
export interface Question {
  readonly node: string
  readonly users: readonly string[]
}

/** Changed lines of one chat server's roster. */
export interface Change extends Roster {
  readonly node: string
}

/** Who may see a person: everybody who shares a conversation but these, or nobody. */
export type Audience = { readonly hiddenFrom: readonly string[] } | 'nobody'

/** What a presence server knows of one person. Times in milliseconds since the Unix epoch. */
export interface Answer extends Omit<Whereabouts, 'since'> {
  readonly id: string
  /** Null: never seen. */
  readonly since: number | null
  readonly asOf: number
  readonly audience: Audience
}

export function audienceOf({ visibility, hiddenFrom }: PresenceSettings): Audience {
  return visibility === 'nobody' ? 'nobody' : { hiddenFrom }
}

export function encodeQuestion(question: Question): string {
  return JSON.stringify(question)
}

export function encodeChange(node: string, roster: string): string {
  return `${node} ${roster}`
}

/** What came to a shard's topic; undefined for what no version of ours sends. */
export function decodeToShard(message: string): Question | Change | undefined {
  if (message.startsWith('{')) {
    return JSON.parse(message) as Question
  }
  const space = message.indexOf(' ')
  const roster = message.slice(space + 1)
  const change = { node: message.slice(0, space), ...decodeHead(roster), lines: decodeLines(roster) }
  return Number.isSafeInteger(change.seq) && Number.isFinite(change.asOf) ? change : undefined
}

type Packed = readonly [
  id: string,
  status: Whereabouts['status'],
  since: number | null,
  asOf: number,
  convs: readonly string[] | 0,
  audience: readonly string[] | 0 | 1,
]

export function encodeAnswers(answers: readonly Answer[]): string {
  return JSON.stringify(answers.map(pack))
}

export function decodeAnswers(message: string): Answer[] {
  return (JSON.parse(message) as Packed[]).map(unpack)
}

function pack({ id, status, since, asOf, convs, audience }: Answer): Packed {
  const packed = audience === 'nobody' ? 1 : audience.hiddenFrom.length === 0 ? 0 : audience.hiddenFrom
  return [id, status, since, asOf, convs.length === 0 ? 0 : convs, packed]
}

function unpack([id, status, since, asOf, convs, packed]: Packed): Answer {
  const audience: Audience = packed === 1 ? 'nobody' : { hiddenFrom: packed === 0 ? [] : packed }
  return { id, status, since, asOf, convs: convs === 0 ? [] : convs, audience }
}
