import type { Me, MePatch, PresenceSettings, User } from '@tam/protocol'
import { type Random, randomId } from '@tam/util'
import { AppError } from '../errors.ts'
import type { Log } from '../log/log.ts'
import type { Blobs } from '../ports/blobs/blobs.ts'
import { type AccountRow, presenceSettings, toMe, toUser } from './account-row.ts'
import type { AccountPatch, AccountStore } from './account-store.ts'
import { avatarKey } from './avatar-path.ts'
import { tellOwnDevices } from './own-log.ts'
import type { PeopleIndex } from './people-index.ts'
import { matches, queryWords, rank } from './people-words.ts'

/** People in one answer to a search. */
export const SEARCH_RESULTS_MAX = 20
const OPERATION_ID_LENGTH = 16

export interface ProfilesDeps {
  readonly accounts: AccountStore
  readonly people: PeopleIndex
  readonly log: Pick<Log, 'append'>
  readonly blobs: Pick<Blobs, 'delete'>
  readonly clock: { now(): number }
  readonly random: Random
  /** Told after every change of what others see. */
  readonly onChanged: (user: User) => void
  /** Told after every change of a person's settings of presence. */
  readonly onPresenceChanged: (user: string) => void
}

/** What presence has to know of a person beside where they are. */
export interface PresenceFacts {
  readonly settings: PresenceSettings
  /** RFC 3339. */
  readonly createdAt: string
}

/** What people are called and look like, and how they are found. */
export class Profiles {
  readonly #deps: ProfilesDeps

  constructor(deps: ProfilesDeps) {
    this.#deps = deps
  }

  /** A person as they see themself. @throws {AppError} not_found */
  async me(id: string): Promise<Me> {
    const row = await this.#deps.accounts.get(id)
    if (!row) {
      throw new AppError('not_found')
    }
    return toMe(row, this.#deps.clock.now())
  }

  /** Those of the people who exist, in the order asked. */
  async users(ids: readonly string[]): Promise<User[]> {
    return (await this.#deps.accounts.getMany(ids)).map(toUser)
  }

  /** @throws {AppError} not_found */
  async user(id: string): Promise<User> {
    const [user] = await this.users([id])
    if (!user) {
      throw new AppError('not_found')
    }
    return user
  }

  /** Of those of the people who exist, by id, as stored now. */
  async presenceFacts(ids: readonly string[]): Promise<Map<string, PresenceFacts>> {
    const facts = new Map<string, PresenceFacts>()
    for (const [id, row] of await this.#deps.accounts.readMany(ids)) {
      facts.set(id, { settings: presenceSettings(row), createdAt: row.createdAt })
    }
    return facts
  }

  /** Those of the people who hide from everybody; at most ACCOUNT_AGE_MAX_MS old. */
  async invisible(ids: readonly string[]): Promise<Set<string>> {
    const rows = await this.#deps.accounts.getMany(ids)
    const invisible = rows.filter((row) => presenceSettings(row).visibility === 'nobody')
    return new Set(invisible.map(({ id }) => id))
  }

  /** People whose name or user name has words that begin like those of `query`, marks and case apart. */
  async search(query: string): Promise<User[]> {
    const words = queryWords(query)
    if (words.length === 0) {
      return []
    }
    const candidates = await this.#deps.accounts.getMany(await this.#deps.people.candidates(words))
    return candidates
      .filter((row) => matches(row, words))
      .map((row) => ({ row, rank: rank(row, query) }))
      .sort((a, b) => a.rank - b.rank || compareNames(a.row, b.row))
      .slice(0, SEARCH_RESULTS_MAX)
      .map(({ row }) => toUser(row))
  }

  /** Changes what is given; everybody concerned is told. @throws {AppError} not_found, storage_full, unknown */
  async patch(id: string, patch: MePatch): Promise<Me> {
    const { name, bio, status, locale, avatar, presence } = patch
    return this.#change(
      id,
      defined({ name, bio, status, locale, avatar, presence: presence && defined(presence) }),
    )
  }

  /** `avatar` is a path whose blob is stored already. @throws {AppError} not_found, storage_full, unknown */
  async setAvatar(id: string, avatar: string): Promise<Me> {
    return this.#change(id, { avatar })
  }

  async #change(id: string, patch: AccountPatch): Promise<Me> {
    const { before, after } = await (patch.name === undefined
      ? this.#deps.accounts.patch(id, patch)
      : this.#rename(id, patch))
    const me = toMe(after, this.#deps.clock.now())
    await this.#tellOwnDevices(me)
    const { presence, ...shown } = patch
    if (presence !== undefined) {
      this.#deps.onPresenceChanged(id)
    }
    if (Object.keys(shown).length > 0) {
      this.#deps.onChanged(toUser(after))
    }
    // The replaced picture goes last: a crash leaves a file that nobody names, never a name without its file.
    if (before.avatar !== null && before.avatar !== after.avatar) {
      await this.#deps.blobs.delete(avatarKey(before.avatar))
    }
    return me
  }

  /*
   * New rows of the index come first and old ones go last, each only if nobody renewed it since: whatever is cut off,
   * a person is found under the name they have. Stale rows are filtered at search.
   */
  async #rename(id: string, patch: AccountPatch): Promise<{ before: AccountRow; after: AccountRow }> {
    const known = await this.#deps.accounts.get(id)
    if (!known) {
      throw new AppError('not_found')
    }
    const listed = await this.#deps.people.rows(known)
    await this.#deps.people.add({ ...known, ...patch })
    const changed = await this.#deps.accounts.patch(id, patch)
    if (changed.before.name !== known.name) {
      // Another renaming came in between and may have listed, and now remove, rows that were added above.
      await this.#deps.people.add(changed.after)
    }
    await this.#deps.people.remove(changed.after, listed)
    return changed
  }

  // A crash in between costs nothing: `hello` carries the profile, and every device reconnects.
  async #tellOwnDevices(me: Me): Promise<void> {
    const cid = randomId(this.#deps.random, OPERATION_ID_LENGTH)
    const at = new Date(this.#deps.clock.now()).toISOString()
    await tellOwnDevices(this.#deps.log, { type: 'profile', from: me.id, cid, at, user: me })
  }
}

function compareNames(a: AccountRow, b: AccountRow): number {
  return a.name.localeCompare(b.name, 'vi') || (a.username < b.username ? -1 : 1)
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>
}
