import { prefixEnd } from '../ports/kv/kv.ts'
import { commitAlways, type CommitDeps } from './commit.ts'
import { SAGA_SHARDS, SWEEP_MAX } from './limits.ts'

/** What the sweeper has to finish, written before the first step of an operation and removed after the last. */
export type Intent = { readonly conv: string; /** RFC 3339. */ readonly at: string } & (
  | /** A change of members or details: finish what is pending, or make sure that it never applies. */ {
      readonly type: 'change'
    }
  | /** `user` opened a direct conversation: once it exists, show it to them. */ {
      readonly type: 'open'
      readonly user: string
    }
  | /** The first message of a direct conversation: once it is stored, show the conversation to both. */ {
      readonly type: 'first-message'
    }
)

export interface StoredIntent {
  readonly op: string
  readonly intent: Intent
}

/** Partitions `saga/<shard>`, one row per operation. */
export class Intents {
  readonly #deps: CommitDeps

  constructor(deps: CommitDeps) {
    this.#deps = deps
  }

  async place(op: string, intent: Intent): Promise<void> {
    await commitAlways(this.#deps, partitionOf(op), { put: [{ key: op, value: JSON.stringify(intent) }] })
  }

  async remove(op: string): Promise<void> {
    await commitAlways(this.#deps, partitionOf(op), { delete: [op] })
  }

  /** Up to 500 intents of one shard; the rest is found when these are gone. */
  async list(shard: number): Promise<StoredIntent[]> {
    const range = { from: '', to: prefixEnd(''), limit: SWEEP_MAX }
    const rows = await this.#deps.kv.scan(`saga/${shard}`, range)
    return rows.map(({ key, value }) => ({ op: key, intent: JSON.parse(value) as Intent }))
  }
}

function partitionOf(op: string): string {
  return `saga/${op.charCodeAt(0) % SAGA_SHARDS}`
}
