import { expect, test } from 'bun:test'
import { DEFAULT_PRESENCE, ProfileEntry } from '@tam/protocol'
import type { AppError } from '../errors.ts'
import { encodeEntry } from '../log/log.ts'
import { ACCOUNT_AGE_MAX_MS } from './account-store.ts'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import { FakeClock } from './tests/fake-clock.ts'
import { type AccountsWorld, register, setUpAccounts } from './tests/setup.ts'

const names = async (world: AccountsWorld, query: string) =>
  (await world.profiles.search(query)).map(({ name }) => name)

async function setUpPeople(...people: string[]) {
  const world = await setUpAccounts()
  const users = []
  for (const [index, name] of people.entries()) {
    users.push(await register(world, { name, username: `user-${index}` }))
  }
  return { ...world, users }
}

test('people are found without marks, by the beginning of any word, in any order', async () => {
  const world = await setUpPeople('Nguyễn Văn Đức', 'Trần Đường', 'Lê Thị Hằng', 'Zoë Müller')
  expect(await names(world, 'duc')).toEqual(['Nguyễn Văn Đức'])
  expect(await names(world, 'ĐỨC')).toEqual(['Nguyễn Văn Đức'])
  expect(await names(world, 'đức'.normalize('NFD'))).toEqual(['Nguyễn Văn Đức'])
  expect(await names(world, 'duc nguy')).toEqual(['Nguyễn Văn Đức'])
  expect(await names(world, 'duc tran')).toEqual([])
  expect(await names(world, 'zoe')).toEqual(['Zoë Müller'])
  expect(await names(world, 'guyen')).toEqual([])
  expect(await names(world, '@user-2')).toEqual(['Lê Thị Hằng'])
})

test('who has the marks as typed comes first', async () => {
  const world = await setUpPeople('Đỗ Ban', 'Đỗ Bạn', 'Đỗ Bàn', 'Đỗ Bàng')
  expect(await names(world, 'bàn')).toEqual(['Đỗ Bàn', 'Đỗ Bàng', 'Đỗ Ban', 'Đỗ Bạn'])
})

test('[R37] a query is words, whatever else it looks like', async () => {
  const world = await setUpPeople('Nguyễn Văn Đức')
  for (const query of [
    '',
    ' ',
    '%',
    '_',
    '*',
    '"',
    '(((((a+)+)+)+)+)+$',
    '/',
    '\u{10ffff}',
    'duc/',
    '../account',
  ]) {
    expect([query, (await names(world, query)).length]).toEqual([query, query === 'duc/' ? 1 : 0])
  }
  expect(await names(world, '(((((a+)+)+)+)+)+$'.repeat(500))).toEqual([])
})

test('at most twenty are found', async () => {
  const world = await setUpPeople(...Array.from({ length: 30 }, (_, index) => `Phạm Minh ${index}`))
  expect(await names(world, 'pham minh')).toHaveLength(20)
})

test('a renamed person is found by the new name and not by the old', async () => {
  const world = await setUpPeople('Nguyễn Văn Đức')
  const id = world.users[0]!.id
  await world.profiles.patch(id, { name: 'Trần Văn Hùng' })
  expect(await names(world, 'duc')).toEqual([])
  expect(await names(world, 'hung van')).toEqual(['Trần Văn Hùng'])
  expect(await world.kv.scan('people/64', { from: '', to: '~', limit: 10 })).toEqual([])
})

test('a stale row of the index finds nobody', async () => {
  const world = await setUpPeople('Nguyễn Văn Đức')
  await world.kv.commit('people/68', { put: [{ key: `hung/${world.users[0]!.id}`, value: '' }] })
  await world.kv.commit('people/68', { put: [{ key: 'hung/Nobody000000', value: '' }] })
  expect(await names(world, 'hung')).toEqual([])
})

test('a change is committed, told to own devices through the log, and to everybody', async () => {
  const world = await setUpPeople('Nguyễn Văn Đức')
  const before = world.users[0]!
  const me = await world.profiles.patch(before.id, { bio: 'Xin chào', status: 'Đang họp', locale: 'en' })
  expect(me).toEqual({ ...before, bio: 'Xin chào', status: 'Đang họp', locale: 'en' })
  expect(await world.profiles.me(before.id)).toEqual(me)
  const { id, username, name, avatar, bio, status } = me
  expect(world.changed).toEqual([{ id, username, name, avatar, bio, status }])
  const [appended] = world.appended
  expect(appended?.log).toBe(before.id)
  const entry: unknown = JSON.parse(encodeEntry(1, appended!.request.body))
  expect(ProfileEntry.parse(entry)).toMatchObject({ from: before.id, cid: appended!.request.cid, user: me })
})

test('[PR4] settings of presence change one by one, and only those concerned hear of it', async () => {
  const world = await setUpPeople('Nguyễn Văn Đức')
  const { id, createdAt } = world.users[0]!
  expect(await world.profiles.me(id)).toMatchObject({ presence: DEFAULT_PRESENCE })
  await world.profiles.patch(id, { presence: { visibility: 'nobody' } })
  const me = await world.profiles.patch(id, { presence: { dnd: true, hiddenFrom: ['Hk2vN8rP4sLd'] } })
  const settings = { dnd: true, visibility: 'nobody', hiddenFrom: ['Hk2vN8rP4sLd'] } as const
  expect(me.presence).toEqual({ ...settings, hiddenFrom: [...settings.hiddenFrom] })
  expect([world.changed, world.presenceChanged]).toEqual([[], [id, id]])
  expect(await world.profiles.presenceFacts([id, 'Nobody000000'])).toEqual(
    new Map([[id, { settings: me.presence, createdAt }]]),
  )
  expect(await world.profiles.invisible([id, 'Nobody000000'])).toEqual(new Set([id]))
})

test('two changes at once both last', async () => {
  const world = await setUpPeople('Nguyễn Văn Đức')
  const id = world.users[0]!.id
  await Promise.all([world.profiles.patch(id, { bio: 'một' }), world.profiles.patch(id, { status: 'hai' })])
  expect(await world.profiles.me(id)).toMatchObject({ bio: 'một', status: 'hai' })
})

test('people are read by id, in order, without the unknown, and changes show at once', async () => {
  const world = await setUpPeople('An', 'Bình')
  const [an, binh] = world.users
  const ids = [binh!.id, 'Nobody000000', an!.id, binh!.id]
  expect((await world.profiles.users(ids)).map(({ name }) => name)).toEqual(['Bình', 'An', 'Bình'])
  await world.profiles.patch(an!.id, { name: 'Ân' })
  expect((await world.profiles.users(ids)).map(({ name }) => name)).toEqual(['Bình', 'Ân', 'Bình'])
})

test('what another server changed shows after a few seconds', async () => {
  const world = await setUpPeople('An')
  const id = world.users[0]!.id
  const other = await setUpAccounts({ kv: world.kv, clock: world.clock })
  expect(await other.profiles.user(id)).toMatchObject({ name: 'An' })
  await world.profiles.patch(id, { name: 'Ân' })
  world.clock.advance(ACCOUNT_AGE_MAX_MS)
  expect(await other.profiles.user(id)).toMatchObject({ name: 'Ân' })
})

test('a person who does not exist is not found', async () => {
  const world = await setUpAccounts()
  for (const ask of [
    world.profiles.me('x'),
    world.profiles.user('x'),
    world.profiles.patch('x', { bio: '' }),
  ]) {
    const error = await ask.catch((caught: unknown) => caught)
    expect((error as AppError).code).toBe('not_found')
  }
})

test('who is remembered when a question begins is in its answer, however long the others take to read', async () => {
  const clock = new FakeClock()
  const kv = new MemoryKv(clock)
  const world = await setUpAccounts({ kv, clock })
  const [an, binh] = [await register(world, { username: 'an1' }), await register(world, { username: 'binh' })]
  clock.advance(ACCOUNT_AGE_MAX_MS + 1)
  await world.profiles.users([an.id])
  const getMany = kv.getMany.bind(kv)
  kv.getMany = async (refs) => {
    clock.advance(ACCOUNT_AGE_MAX_MS + 1)
    return getMany(refs)
  }
  expect((await world.profiles.users([an.id, binh.id])).map(({ id }) => id)).toEqual([an.id, binh.id])
})
