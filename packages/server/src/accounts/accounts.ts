import { type Me, type RegisterBody, Username } from '@tam/protocol'
import { randomId } from '@tam/util'
import { AppError } from '../errors.ts'
import type { Expectation, Row } from '../ports/kv/kv.ts'
import {
  ACCOUNT_KEY,
  type AccountRow,
  PASSWORD_KEY,
  decodeAccount,
  toMe,
  userPartition,
} from './account-row.ts'
import { type StoreDeps, commit, commitUnlessChanged } from './commit.ts'
import { isCommonPassword } from './common-passwords.ts'
import type { Names } from './names.ts'
import type { Passwords } from './passwords.ts'
import type { PeopleIndex } from './people-index.ts'

const USER_ID_LENGTH = 12
// No id is that short: reading its rows costs what reading anybody's costs.
const NOBODY = '-'

export interface AccountsDeps extends StoreDeps {
  readonly names: Names
  readonly passwords: Passwords
  readonly people: PeopleIndex
}

/** A person who has just shown their password. */
export interface Authenticated {
  readonly me: Me
  /** Holds as long as the password is the one that was checked; see `Logins.create`. */
  readonly expect: readonly Expectation[]
}

/** Nobody's: what a mention of everybody is called, and who would seem to be the system itself. */
const RESERVED: ReadonlySet<string> = new Set(['all', 'channel', 'everyone', 'here', 'system', 'tam'])

/** Registration and passwords. */
export class Accounts {
  readonly #deps: AccountsDeps

  constructor(deps: AccountsDeps) {
    this.#deps = deps
  }

  /**
   * Creates an account: claims the name, lists the person for search, writes the account with its password, confirms
   * the claim. What is cut off before the account exists frees the name after a minute; afterwards nothing is missing.
   * @throws {AppError} username_taken, common_password, rate_limited, storage_full, unknown
   */
  async register(body: RegisterBody): Promise<Me> {
    assertUncommon(body.password, body.username)
    const hash = await this.#deps.passwords.hash(body.password)
    const account = this.#newAccount(body)
    if (RESERVED.has(account.username) || !(await this.#deps.names.claim(account.username, account.id))) {
      throw new AppError('username_taken')
    }
    await this.#deps.people.add(account)
    await this.#create(account, hash)
    if (!(await this.#deps.names.confirm(account.username, account.id))) {
      await commit(this.#deps, userPartition(account.id), { delete: [ACCOUNT_KEY, PASSWORD_KEY] })
      throw new AppError('username_taken')
    }
    return toMe(account, this.#deps.clock.now())
  }

  /**
   * Who `login` is, if `password` is theirs. Undefined otherwise, after the same reads and the same hash whether the
   * name exists or not.
   * @throws {AppError} rate_limited when too many hashes wait
   */
  async authenticate(login: string, password: string): Promise<Authenticated | undefined> {
    const username = Username.safeParse(login)
    const id = (await this.#deps.names.lookup(username.success ? username.data : NOBODY)) ?? NOBODY
    const { account, stored } = await this.#read(id)
    if (!(await this.#deps.passwords.verify(password, stored?.value)) || !account || !stored) {
      return undefined
    }
    const checked = this.#deps.passwords.needsRehash(stored.value)
      ? await this.#rehash(id, stored, password)
      : stored
    return (
      checked && {
        me: toMe(decodeAccount(account.value), this.#deps.clock.now()),
        expect: [{ key: PASSWORD_KEY, rev: checked.rev }],
      }
    )
  }

  /**
   * Replaces the password. The caller ends the other logins afterwards.
   * @throws {AppError} invalid_credentials when `current` is wrong, or not the password any more; common_password
   */
  async changePassword(user: string, current: string, next: string): Promise<void> {
    const { account, stored } = await this.#read(user)
    if (!(await this.#deps.passwords.verify(current, stored?.value)) || !account || !stored) {
      throw new AppError('invalid_credentials')
    }
    assertUncommon(next, decodeAccount(account.value).username)
    if (!(await this.#rehash(user, stored, next))) {
      throw new AppError('invalid_credentials')
    }
  }

  async #read(user: string): Promise<{ account: Row | undefined; stored: Row | undefined }> {
    const partition = userPartition(user)
    const keys = [ACCOUNT_KEY, PASSWORD_KEY]
    const [account, stored] = await this.#deps.kv.getMany(keys.map((key) => ({ partition, key })))
    return { account, stored }
  }

  /** Stores a new hash in place of `stored`; undefined when somebody else has replaced it. */
  async #rehash(user: string, stored: Row, password: string): Promise<Row | undefined> {
    const value = await this.#deps.passwords.hash(password.normalize('NFC'))
    await commitUnlessChanged(this.#deps, userPartition(user), {
      expect: [{ key: PASSWORD_KEY, rev: stored.rev }],
      put: [{ key: PASSWORD_KEY, value }],
    })
    const now = await this.#deps.kv.get(userPartition(user), PASSWORD_KEY)
    return now?.value === value ? now : undefined
  }

  #newAccount({ username, name, email, locale }: RegisterBody): AccountRow {
    const now = this.#deps.clock.now()
    return {
      id: randomId(this.#deps.random, USER_ID_LENGTH),
      username,
      name: name ?? username,
      avatar: null,
      bio: '',
      status: '',
      locale: locale ?? 'vi',
      createdAt: new Date(now).toISOString(),
      email: email === undefined ? null : { address: email, verified: false, since: now },
    }
  }

  async #create(account: AccountRow, hash: string): Promise<void> {
    // Never false: nobody else has this id.
    await commitUnlessChanged(this.#deps, userPartition(account.id), {
      expect: [{ key: ACCOUNT_KEY, rev: null }],
      put: [
        { key: ACCOUNT_KEY, value: JSON.stringify(account) },
        { key: PASSWORD_KEY, value: hash },
      ],
    })
  }
}

/** @throws {AppError} common_password */
function assertUncommon(password: string, username: string): void {
  if (isCommonPassword(password, username)) {
    const errors = [{ field: 'password', message: 'is among the first that others would guess' }]
    throw new AppError('common_password', { errors })
  }
}
