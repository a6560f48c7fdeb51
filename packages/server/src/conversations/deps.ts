import type { User } from '@tam/protocol'
import type { ChangeDeps, Changes } from './changes.ts'
import type { Directs } from './directs.ts'
import type { Joinings } from './joinings.ts'
import type { Summaries } from './summaries.ts'
import type { Access } from '../access/access.ts'
import type { Reads } from '../messages/reads.ts'

/** Who exists, and how they present themselves. */
export interface People {
  /** The people among `ids` that exist, in any order. */
  users(ids: readonly string[]): Promise<User[]>
}

/** What the actions of this folder are made of. */
export interface ActionDeps extends Pick<ChangeDeps, 'kv' | 'clock' | 'random'> {
  readonly access: Access
  readonly reads: Reads
  readonly people: People
  readonly changes: Changes
  readonly joinings: Joinings
  readonly directs: Directs
  readonly summaries: Summaries
  /** Without a slash at the end; invitations are links below it. */
  readonly publicUrl: string
}
