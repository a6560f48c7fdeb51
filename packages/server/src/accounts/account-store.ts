import { AppError } from '../errors.ts'
import { RecentMap } from '../log/recent-map.ts'
import { ACCOUNT_KEY, type AccountRow, decodeAccount, userPartition } from './account-row.ts'
import { type StoreDeps, commit } from './commit.ts'

/**
 * How old a remembered account may be, milliseconds. Changes made here show at once, those of other servers as soon as
 * they are heard of; this is for what is lost on the way.
 */
export const ACCOUNT_AGE_MAX_MS = 5_000
const REMEMBERED_MAX = 1_000

/** Fields a person changes; the rest of the row never does. */
export type AccountPatch = Partial<
  Pick<AccountRow, 'name' | 'bio' | 'status' | 'avatar' | 'locale' | 'presence'>
>

/** Accounts by id. */
export class AccountStore {
  readonly #deps: StoreDeps
  #changes = 0
  readonly #recent = new RecentMap<{ readonly row: AccountRow; readonly at: number }>(REMEMBERED_MAX)

  constructor(deps: StoreDeps) {
    this.#deps = deps
  }

  /** The account as stored now. */
  async get(id: string): Promise<AccountRow | undefined> {
    return (await this.readMany([id])).get(id)
  }

  /** Those that exist, by id, as stored now. */
  async readMany(ids: readonly string[]): Promise<Map<string, AccountRow>> {
    return this.#load(ids)
  }

  /** Those that exist, in the order asked; at most ACCOUNT_AGE_MAX_MS old. */
  async getMany(ids: readonly string[]): Promise<AccountRow[]> {
    // Asked once: a row may grow too old to be recalled while the others are read.
    const known = new Map(ids.map((id) => [id, this.#recalled(id)] as const))
    const loaded = await this.#load(ids.filter((id) => known.get(id) === undefined))
    return ids.flatMap((id) => loaded.get(id) ?? known.get(id) ?? [])
  }

  /**
   * Changes an account and gives it before and after.
   * @throws {AppError} not_found
   */
  async patch(id: string, patch: AccountPatch): Promise<{ before: AccountRow; after: AccountRow }> {
    for (;;) {
      const stored = await this.#deps.kv.get(userPartition(id), ACCOUNT_KEY)
      if (!stored) {
        throw new AppError('not_found')
      }
      const before = decodeAccount(stored.value)
      const after = patched(before, patch)
      const committed = await commit(this.#deps, userPartition(id), {
        expect: [{ key: ACCOUNT_KEY, rev: stored.rev }],
        put: [{ key: ACCOUNT_KEY, value: JSON.stringify(after) }],
      })
      // After a conflict the patch is laid over what is there now; over its own first attempt it changes nothing.
      if (committed) {
        this.#changes++
        this.#remember(after)
        return { before, after }
      }
    }
  }

  /** They changed elsewhere. */
  forget(ids: readonly string[]): void {
    this.#changes++
    for (const id of ids) {
      this.#recent.delete(id)
    }
  }

  /** Anybody may have changed elsewhere. */
  forgetAll(): void {
    this.#changes++
    this.#recent.clear()
  }

  async #load(ids: readonly string[]): Promise<Map<string, AccountRow>> {
    if (ids.length === 0) {
      return new Map()
    }
    const changes = this.#changes
    const rows = await this.#deps.kv.getMany(
      ids.map((id) => ({ partition: userPartition(id), key: ACCOUNT_KEY })),
    )
    const loaded = new Map<string, AccountRow>()
    for (const row of rows) {
      if (row) {
        const account = decodeAccount(row.value)
        loaded.set(account.id, account)
        // What was read while an account changed may be from before the change.
        if (changes === this.#changes) {
          this.#remember(account)
        }
      }
    }
    return loaded
  }

  #recalled(id: string): AccountRow | undefined {
    const recent = this.#recent.get(id)
    return recent && this.#deps.clock.monotonic() - recent.at < ACCOUNT_AGE_MAX_MS ? recent.row : undefined
  }

  #remember(row: AccountRow): void {
    this.#recent.set(row.id, { row, at: this.#deps.clock.monotonic() })
  }
}

// Of the settings of presence, too, only what is given changes.
function patched(before: AccountRow, patch: AccountPatch): AccountRow {
  const { presence } = patch
  return { ...before, ...patch, ...(presence && { presence: { ...before.presence, ...presence } }) }
}
