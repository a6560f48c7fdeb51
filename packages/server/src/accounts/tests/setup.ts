import type { User } from '@tam/protocol'
import { type Clock, systemRandom } from '@tam/util'
import type { AppendRequest } from '../../log/log.ts'
import { MemoryBlobs } from '../../ports/blobs/blobs.memory.ts'
import { MemoryBus } from '../../ports/bus/bus.memory.ts'
import type { Kv } from '../../ports/kv/kv.ts'
import { MemoryKv } from '../../ports/kv/kv.memory.ts'
import { topics } from '../../ports/bus/bus.ts'
import { createAccounts } from '../create-accounts.ts'
import { FakeClock } from './fake-clock.ts'

/** The cheapest argon2id there is. */
export const TEST_HASH_COST = { memoryCost: 8, timeCost: 1 }
export const ISSUER = 'http://localhost:8080'

/** Accounts over engines in memory, on a clock the test moves, with everything that leaves them recorded. */
export async function setUpAccounts<C extends Clock = FakeClock>(options: { kv?: Kv; clock?: C } = {}) {
  const clock = (options.clock ?? new FakeClock()) as C
  const kv = options.kv ?? new MemoryKv(clock)
  const bus = new MemoryBus((error) => {
    throw error
  })
  const blobs = new MemoryBlobs()
  const appended: { log: string; request: AppendRequest }[] = []
  const changed: User[] = []
  const presenceChanged: string[] = []
  const logged: { details: object; message: string }[] = []
  const note = (details: object, message: string) => void logged.push({ details, message })
  const parts = await createAccounts({
    kv,
    clock,
    bus,
    blobs,
    random: systemRandom,
    log: {
      append: async (log, request) => ({ ok: true, seq: appended.push({ log, request }), duplicate: false }),
    },
    logger: { warn: note, error: note },
    issuer: ISSUER,
    hashConcurrency: 2,
    hashCost: TEST_HASH_COST,
    onProfileChanged: (user) => void changed.push(user),
    onPresenceChanged: (user) => void presenceChanged.push(user),
  })
  /** What is said on a user's topic from now on. */
  const listen = async (user: string) => {
    const heard: unknown[] = []
    await bus.subscribe(topics.user(user), (_, message) => void heard.push(JSON.parse(message)))
    return heard
  }
  return { ...parts, clock, kv, bus, blobs, appended, changed, presenceChanged, logged, listen }
}

export type AccountsWorld = Awaited<ReturnType<typeof setUpAccounts>>

let registered = 0

/** A registered person; the user name is made up unless given. */
export function register(
  world: AccountsWorld,
  fields: { username?: string; name?: string; password?: string } = {},
) {
  const { username = `nguoi${++registered}`, name = 'Nguyễn Thị Ánh', password = 'mật khẩu dài' } = fields
  return world.accounts.register({ username, name, password })
}
