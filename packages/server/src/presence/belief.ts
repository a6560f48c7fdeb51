import type { Presence } from '@tam/protocol'
import type { Answer } from './messages.ts'

/** What a chat server believes of a person. Times in milliseconds since the Unix epoch. */
export type Belief =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'known'; readonly answer: Answer }
  | { readonly kind: 'unknown'; readonly since: number }

export const WAITING: Belief = { kind: 'waiting' }

export interface Viewer {
  readonly id: string
  /** Whether the viewer is in the conversation. */
  readonly isIn: (conv: string) => boolean
}

/** A person as one viewer may see them; undefined while nothing can be said. */
export function toPresence(id: string, belief: Belief, viewer: Viewer, now: number): Presence | undefined {
  switch (belief.kind) {
    case 'waiting':
      return undefined
    case 'unknown':
      return { ...unknown(id, now), since: timestamp(belief.since) }
    case 'known':
      return isShown(belief.answer, viewer.id)
        ? shown(belief.answer, viewer)
        : { id, status: 'offline', asOf: timestamp(now) }
  }
}

export function unknown(id: string, now: number): Presence {
  return { id, status: 'unknown', since: timestamp(now), asOf: timestamp(now) }
}

/**
 * Whether the viewer has to be told. By what they may see alone: else frames that say nothing new would tell when
 * somebody who hides comes and goes.
 */
export function looksDifferent(id: string, before: Belief, after: Belief, viewer: Viewer): boolean {
  const [was, is] = [toPresence(id, before, viewer, 0), toPresence(id, after, viewer, 0)]
  return was?.status !== is?.status || was?.since !== is?.since || was?.convs?.join() !== is?.convs?.join()
}

function isShown({ id, audience }: Answer, viewer: string): boolean {
  return id === viewer || (audience !== 'nobody' && !audience.hiddenFrom.includes(viewer))
}

function shown({ id, status, since, asOf, convs }: Answer, { isIn }: Viewer): Presence {
  const shared = convs.filter(isIn)
  return {
    id,
    status,
    ...(since === null ? {} : { since: timestamp(since) }),
    asOf: timestamp(asOf),
    ...(shared.length === 0 ? {} : { convs: shared }),
  }
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString()
}
