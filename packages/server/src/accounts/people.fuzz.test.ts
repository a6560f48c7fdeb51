import { expect, test } from 'bun:test'
import { seededRandom } from '@tam/util'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import { FakeClock } from './tests/fake-clock.ts'
import { register, setUpAccounts } from './tests/setup.ts'
import { ShuffledKv } from './tests/shuffled-kv.ts'

const SEEDS = Number(process.env['FUZZ_SEEDS'] ?? 200)
const NAMES = ['Nguyễn An', 'Lê Bình', 'Nguyễn Bình', 'Lê An', 'Trần Cường']

test('however renamings interleave, a person is found under the name they end with', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = seededRandom(seed)
    const clock = new FakeClock()
    const world = await setUpAccounts({ kv: new ShuffledKv(new MemoryKv(clock), random), clock })
    const { id } = await register(world, { name: 'Nguyễn An', username: 'x-y' })
    const chosen = Array.from({ length: 3 }, () => NAMES[Math.floor(random.float() * NAMES.length)]!)
    await Promise.all(chosen.map((name) => world.profiles.patch(id, { name })))
    const { name } = await world.profiles.me(id)
    for (const word of name.split(' ')) {
      const found = await world.profiles.search(word)
      expect({ seed, name, word, found: found.map((user) => user.name) }).toEqual({
        seed,
        name,
        word,
        found: [name],
      })
    }
  }
})

test('however logins and their end interleave, none survives the end of all', async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const clock = new FakeClock()
    const kv = new ShuffledKv(new MemoryKv(clock), seededRandom(seed))
    const { logins } = await setUpAccounts({ kv, clock })
    const user = 'Abc123def456'
    const before = await logins.create({ user, device: '' })
    const racing = logins.create({ user, device: '' }).catch(() => undefined)
    const refreshing = logins.refresh(before.refreshToken).catch(() => undefined)
    const asking = logins.isActive(before.sid)
    await logins.revokeAll(user)
    const listed = (await logins.list(user)).map(({ sid }) => sid)
    const [raced] = await Promise.all([racing, refreshing, asking])
    expect({ seed, active: await logins.isActive(before.sid) }).toEqual({ seed, active: false })
    // What came after the end is listed, and so can be ended; asked of a server that remembers nothing.
    const other = await setUpAccounts({ kv, clock })
    const living = raced && (await other.logins.isActive(raced.sid)) ? [raced.sid] : []
    expect({ seed, living: (await logins.list(user)).map(({ sid }) => sid) }).toEqual({ seed, living })
    expect({ seed, listed: listed.every((sid) => sid === raced?.sid) }).toEqual({ seed, listed: true })
  }
})
