import { ACCOUNT_KEY, userPartition } from './account-row.ts'
import { type StoreDeps, commitUnlessChanged } from './commit.ts'

/** A claim older than this whose account never came may be taken over, milliseconds. */
export const CLAIM_ABANDONED_MS = 60_000

const CLAIM_KEY = 'claim'
const namePartition = (username: string) => `name/${username}`

interface Claim {
  /** The user id that the name leads to; also the id of the operation that claimed it. */
  readonly user: string
  /** Wall milliseconds. */
  readonly at: number
  /** The account exists: the claim is for good. */
  readonly done: boolean
}

/**
 * User names are unique because each is one row. Registration claims the name, creates the account, then confirms
 * the claim; confirming and taking over an abandoned claim exclude each other by the row's rev.
 */
export class Names {
  readonly #deps: StoreDeps

  constructor(deps: StoreDeps) {
    this.#deps = deps
  }

  /** The user id that `username` leads to, whether confirmed or not. */
  async lookup(username: string): Promise<string | undefined> {
    return (await this.#read(username))?.claim.user
  }

  /** Claims a free or abandoned name for the user id; false when it is taken. */
  async claim(username: string, user: string): Promise<boolean> {
    const held = await this.#read(username)
    if (held && !(await this.#isAbandoned(held.claim))) {
      return false
    }
    return this.#write(username, held?.rev ?? null, { user, at: this.#deps.clock.now(), done: false })
  }

  /** Makes the claim of a created account final; false when somebody took the name over meanwhile. */
  async confirm(username: string, user: string): Promise<boolean> {
    const held = await this.#read(username)
    if (held?.claim.user !== user) {
      return false
    }
    return held.claim.done || this.#write(username, held.rev, { ...held.claim, done: true })
  }

  async #isAbandoned(claim: Claim): Promise<boolean> {
    if (claim.done || this.#deps.clock.now() - claim.at < CLAIM_ABANDONED_MS) {
      return false
    }
    return (await this.#deps.kv.get(userPartition(claim.user), ACCOUNT_KEY)) === undefined
  }

  async #read(username: string): Promise<{ claim: Claim; rev: string } | undefined> {
    const row = await this.#deps.kv.get(namePartition(username), CLAIM_KEY)
    return row && { claim: JSON.parse(row.value) as Claim, rev: row.rev }
  }

  async #write(username: string, rev: string | null, claim: Claim): Promise<boolean> {
    return commitUnlessChanged(this.#deps, namePartition(username), {
      expect: [{ key: CLAIM_KEY, rev }],
      put: [{ key: CLAIM_KEY, value: JSON.stringify(claim) }],
    })
  }
}
