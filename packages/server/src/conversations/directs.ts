import { createHash } from 'node:crypto'
import { commitSurely } from './commit.ts'
import type { ChangeDeps } from './changes.ts'
import {
  DIRECT_ID_LENGTH,
  META,
  convPartition,
  decodeMeta,
  memberKey,
  newId,
  sideKey,
  userPartition,
  type MemberRow,
  type MetaRow,
} from './rows.ts'

/** The id of the direct conversation of two people, whoever asks: 96 bits of a digest of both ids. */
export function directId(a: string, b: string): string {
  const [first, second] = a < b ? [a, b] : [b, a]
  return createHash('sha256')
    .update(`direct:${first}:${second}`)
    .digest('base64url')
    .slice(0, DIRECT_ID_LENGTH)
}

/** Direct conversations: created by either side, shown to the other with the first message. */
export class Directs {
  readonly #deps: Omit<ChangeDeps, 'access'>

  constructor(deps: Omit<ChangeDeps, 'access'>) {
    this.#deps = deps
  }

  /** Creates the conversation or finds it, and shows it to `user`. @returns true when it is new */
  async open(user: string, peer: string): Promise<boolean> {
    const conv = directId(user, peer)
    const { kv, intents } = this.#deps
    const [meta, side] = await kv.getMany([
      { partition: convPartition(conv), key: META },
      { partition: userPartition(user), key: sideKey(conv) },
    ])
    if (meta !== undefined && side !== undefined) {
      return false
    }
    const op = newId(this.#deps.random)
    const at = this.#now()
    await intents.place(op, { type: 'open', conv, user, at })
    const created = meta === undefined && (await this.#create(conv, { user, peer, op, at }))
    await this.show(conv, user, user)
    await intents.remove(op)
    return created
  }

  async #create(
    conv: string,
    { user, peer, op, at }: { user: string; peer: string; op: string; at: string },
  ) {
    const pair: [string, string] = user < peer ? [user, peer] : [peer, user]
    const details = { kind: 'direct', title: null, topic: '', public: false } as const
    const meta: MetaRow = { ...details, pair, by: user, at, members: 2, staff: {}, version: 1, op }
    const member: MemberRow = { role: 'member', at, op }
    const change = {
      expect: [{ key: META, rev: null }],
      put: [
        { key: META, value: JSON.stringify(meta) },
        ...pair.map((id) => ({ key: memberKey(id), value: JSON.stringify(member) })),
      ],
    }
    return commitSurely(this.#deps, convPartition(conv), change, async () => {
      const row = await this.#deps.kv.get(convPartition(conv), META)
      return decodeMeta(row)?.op === op
    })
  }

  /**
   * Call before appending to a direct conversation of `pair`. When it is shown to both already, nothing is left to do
   * and the answer is undefined; else call the answer after the message is stored.
   */
  async beforeMessage(
    conv: string,
    by: string,
    pair: readonly [string, string],
  ): Promise<(() => Promise<void>) | undefined> {
    const refs = pair.map((user) => ({ partition: userPartition(user), key: sideKey(conv) }))
    const sides = await this.#deps.kv.getMany(refs)
    if (sides.every((side) => side !== undefined)) {
      return undefined
    }
    const op = newId(this.#deps.random)
    await this.#deps.intents.place(op, { type: 'first-message', conv, at: this.#now() })
    return async () => {
      await this.showToBoth(conv, by, pair)
      await this.#deps.intents.remove(op)
    }
  }

  async showToBoth(conv: string, by: string, pair: readonly [string, string]): Promise<void> {
    await Promise.all(pair.map((user) => this.show(conv, user, by)))
  }

  /** The conversation's id names the operation: shown any number of times, joined once. */
  async show(conv: string, user: string, by: string): Promise<void> {
    const joining = { conv, kind: 'direct', title: null, seq: 0, op: conv, by, at: this.#now() } as const
    await this.#deps.sides.join(user, joining)
  }

  #now(): string {
    return new Date(this.#deps.clock.now()).toISOString()
  }
}
