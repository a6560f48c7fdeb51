import { createAccounts } from '@tam/server/accounts/create-accounts.ts'
import type { AccountsParts } from '@tam/server/accounts/create-accounts.ts'
import { createLog } from '@tam/server/log/create-log.ts'
import type { LogStore } from '@tam/server/log/create-log.ts'
import { MemoryBlobs } from '@tam/server/ports/blobs/blobs.memory.ts'
import { MemoryBus } from '@tam/server/ports/bus/bus.memory.ts'
import { openSqliteKv } from '@tam/server/ports/kv/kv.sqlite.ts'
import type { Kv } from '@tam/server/ports/kv/kv.ts'
import { readEpoch } from '@tam/server/roles/epoch.ts'
import { systemClock, systemRandom } from '@tam/util'
import { findDatabase } from '../../tools/drill/find-database.ts'

/** Argon2id with next to no work: the people of the bench have no secrets. */
const NO_COST = { memoryCost: 8, timeCost: 1 }

export interface Offline extends AsyncDisposable {
  readonly kv: Kv
  readonly parts: AccountsParts
  readonly log: LogStore
}

/** The accounts and logs of a data directory whose server does not run. */
export async function openOffline(dataDir: string): Promise<Offline> {
  const kv: Kv = await openSqliteKv({
    path: findDatabase(dataDir),
    clock: systemClock,
    onFatal: (error) => {
      throw error
    },
  })
  const common = { kv, clock: systemClock, random: systemRandom }
  const log = createLog({ ...common, onCommitted: () => {} })
  const parts = await createAccounts({
    ...common,
    log,
    bus: new MemoryBus((error) => console.error(error)),
    blobs: new MemoryBlobs(),
    logger: console,
    issuer: `tam:${await readEpoch(kv, systemRandom)}`,
    hashConcurrency: 2,
    hashCost: NO_COST,
    onProfileChanged: () => {},
    onPresenceChanged: () => {},
  })
  return {
    kv,
    parts,
    log,
    async [Symbol.asyncDispose]() {
      parts.keys[Symbol.dispose]()
      await kv.close()
    },
  }
}

/** Somebody with a login that tokens can be made for. */
export interface Member {
  readonly id: string
  readonly sid: string
}

/** Registers people and logs each of them in. */
export async function registerMembers({ parts }: Offline, count: number, prefix: string): Promise<Member[]> {
  const members: Member[] = []
  const register = async (index: number) => {
    const username = `${prefix}-${index}`
    const me = await parts.accounts.register({
      username,
      password: `mật khẩu ${username}`,
      name: `Người ${index}`,
    })
    const { sid } = await parts.logins.create({ user: me.id, device: 'bench' })
    members[index] = { id: me.id, sid }
  }
  await inParallel(count, 64, register)
  return members
}

/** Fresh access tokens, in the order of `members`. */
export async function mintTokens(dataDir: string, members: readonly Member[]): Promise<string[]> {
  await using offline = await openOffline(dataDir)
  return members.map(({ id, sid }) => offline.parts.tokens.issue(id, sid).token)
}

/** Runs `work` for 0..count − 1, `width` at a time. */
export async function inParallel(
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < count) {
      await work(next++)
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
}
