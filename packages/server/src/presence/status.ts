import type { Presence } from '@tam/protocol'

export type Status = Presence['status']

/** A status as this server believes it; times in milliseconds since the Unix epoch. */
export interface Believed {
  readonly status: Status
  readonly since: number
  /** The moment it was last confirmed. */
  readonly asOf: number
}

/** A person with connections to this server. */
export interface PersonHere {
  readonly id: string
  readonly status: 'online' | 'away'
  readonly since: number
}

/** How a client sees it. */
export function toPresence(id: string, { status, since, asOf }: Believed): Presence {
  return { id, status, since: new Date(since).toISOString(), asOf: new Date(asOf).toISOString() }
}
