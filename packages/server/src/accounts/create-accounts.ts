import type { User } from '@tam/protocol'
import type { Log } from '../log/log.ts'
import type { Blobs } from '../ports/blobs/blobs.ts'
import type { Bus } from '../ports/bus/bus.ts'
import { AccessTokens } from './access-tokens.ts'
import { hearAccountNews } from './account-news.ts'
import { AccountStore } from './account-store.ts'
import { Accounts } from './accounts.ts'
import { Audit } from './audit.ts'
import { Avatars } from './avatars.ts'
import type { StoreDeps } from './commit.ts'
import { Logins } from './logins.ts'
import { Names } from './names.ts'
import { ARGON2ID_COST, type HashCost, Passwords } from './passwords.ts'
import { PeopleIndex } from './people-index.ts'
import { Profiles } from './profiles.ts'
import { ReuseReport } from './reuse-report.ts'
import { ServerKeys } from './server-keys.ts'

export interface AccountsSetup extends StoreDeps {
  readonly bus: Pick<Bus, 'publish' | 'subscribe' | 'onDiscontinuity'>
  readonly blobs: Blobs
  readonly log: Pick<Log, 'append'>
  readonly logger: {
    warn(details: object, message: string): void
    error(details: object, message: string): void
  }
  /** Names the installation in its access tokens; another installation must have another. */
  readonly issuer: string
  /** Cores that may hash passwords at once. */
  readonly hashConcurrency: number
  /** Cheaper only in tests. */
  readonly hashCost?: HashCost
  /** Told after every change of what others see of a person. */
  readonly onProfileChanged: (user: User) => void
  /** Told after every change of a person's settings of presence. */
  readonly onPresenceChanged: (user: string) => void
}

/** Everything about people and their logins. Dispose `keys` to stop its timer. */
export interface AccountsParts {
  readonly accounts: Accounts
  readonly profiles: Profiles
  readonly avatars: Avatars
  readonly logins: Logins
  readonly tokens: AccessTokens
  readonly keys: ServerKeys
}

/** Wires the accounts of one server; loads its keys or makes the first ones. */
export async function createAccounts(setup: AccountsSetup): Promise<AccountsParts> {
  const { kv, clock, random, bus, blobs, log, logger, issuer } = setup
  const store = { kv, clock, random }
  const passwords = await Passwords.create({
    cost: setup.hashCost ?? ARGON2ID_COST,
    concurrency: setup.hashConcurrency,
  })
  const people = new PeopleIndex(store)
  const known = new AccountStore(store)
  await hearAccountNews(bus, known)
  const profiles = new Profiles({
    accounts: known,
    people,
    log,
    blobs,
    clock,
    random,
    onChanged: setup.onProfileChanged,
    onPresenceChanged: setup.onPresenceChanged,
  })
  const keys = await ServerKeys.open({ ...store, log: logger })
  const reuse = new ReuseReport({ audit: new Audit(store), log, clock, logger })
  return {
    accounts: new Accounts({ ...store, names: new Names(store), passwords, people }),
    profiles,
    avatars: new Avatars({ blobs, profiles, random }),
    logins: new Logins({ ...store, bus, reuse, refreshSecret: keys.refreshSecret }),
    tokens: new AccessTokens({ keys, clock, random, issuer }),
    keys,
  }
}
