import { expect, test } from 'bun:test'
import { type Random, seededRandom } from '@tam/util'
import { AppError } from '../errors.ts'
import { TestClock } from '../conversations/tests/test-clock.ts'
import { FaultyKv, NO_FAULTS } from '../ports/kv/kv.faulty.ts'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import { setUpAccounts } from './tests/setup.ts'

const SEEDS = Number(process.env['FUZZ_SEEDS'] ?? 60)
const FAULTS = { conflict: 0.1, unknownApplied: 0.1, unknownLost: 0.1, delayed: 0.05 }
const NAMES = ['an.nguyen', 'binh.tran', 'chi.le']
const REAL_NAMES = ['Nguyễn An', 'Trần Bình', 'Lê Chí', 'Phạm Đức An']

/** The answer, or the code of a refusal that a store like this one excuses. */
async function attempt<T>(promise: Promise<T>): Promise<T | string> {
  try {
    return await promise
  } catch (error) {
    if (
      error instanceof AppError &&
      ['unknown', 'username_taken', 'unauthenticated', 'invalid_credentials'].includes(error.code)
    ) {
      return error.code
    }
    throw error
  }
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random.float() * list.length)]!

for (let seed = 1; seed <= SEEDS; seed++) {
  test(`people and logins hold over a store that fails, seed ${seed}`, async () => {
    const random = seededRandom(seed)
    const clock = new TestClock()
    const kv = new FaultyKv({ kv: new MemoryKv(clock), clock, random })
    const world = await setUpAccounts({ kv, clock })
    Object.assign(kv.faults, FAULTS)

    // Several people want the same names at once.
    const wishes = Array.from({ length: 6 }, (_, index) => ({
      username: pick(random, NAMES),
      password: `mật khẩu thứ ${index}`,
    }))
    const answers = await Promise.all(wishes.map((wish) => attempt(world.accounts.register(wish))))
    const owners = new Map<string, { id: string; password: string }>()
    for (const [index, answer] of answers.entries()) {
      if (typeof answer !== 'string') {
        expect(owners.has(answer.username)).toBe(false)
        owners.set(answer.username, { id: answer.id, password: wishes[index]!.password })
      }
    }

    // Each is renamed by several devices at once, and refreshes in several tabs.
    for (const [username, { id, password }] of owners) {
      const names = Array.from({ length: 3 }, () => pick(random, REAL_NAMES))
      await Promise.all(names.map((name) => attempt(world.profiles.patch(id, { name }))))
      const person = await world.accounts.authenticate(username, password)
      expect(person?.me.id).toBe(id)
      const login = await attempt(world.logins.create({ user: id, device: '', expect: person!.expect }))
      if (typeof login !== 'string') {
        const tabs = await Promise.all([1, 2, 3].map(() => attempt(world.logins.refresh(login.refreshToken))))
        const tokens = tabs.flatMap((tab) => (typeof tab === 'string' ? [] : [tab.refreshToken]))
        expect(new Set(tokens).size).toBeLessThan(2)
        await attempt(world.logins.revokeAll(id))
      }
    }

    Object.assign(kv.faults, NO_FAULTS)
    await kv.applyDelayed()
    clock.advance(6_000)
    for (const [username, { id, password }] of owners) {
      expect((await world.accounts.authenticate(username, password))?.me.id).toBe(id)
      const { name } = await world.profiles.me(id)
      const found = await world.profiles.search(name)
      expect(found.map((user) => user.id)).toContain(id)
    }
  })
}
