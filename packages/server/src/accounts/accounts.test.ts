import { expect, spyOn, test } from 'bun:test'
import { systemRandom } from '@tam/util'
import { AppError } from '../errors.ts'
import { UNVERIFIED_EMAIL_MS } from './account-row.ts'
import { Accounts } from './accounts.ts'
import { CLAIM_ABANDONED_MS, Names } from './names.ts'
import { Passwords } from './passwords.ts'
import { PeopleIndex } from './people-index.ts'
import { type AccountsWorld, TEST_HASH_COST, register, setUpAccounts } from './tests/setup.ts'

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  )

const ÁNH = { username: 'anh.nguyen', name: 'Nguyễn Thị Ánh', password: 'mật khẩu của Ánh' }

test('a registered person logs in by user name, however it is written', async () => {
  const world = await setUpAccounts()
  const me = await register(world, ÁNH)
  expect(me).toMatchObject({
    username: 'anh.nguyen',
    name: 'Nguyễn Thị Ánh',
    email: null,
    locale: 'vi',
    avatar: null,
  })
  expect(me.id).toMatch(/^[A-Za-z0-9_-]{12}$/)
  expect((await world.accounts.authenticate(' Anh.Nguyen ', ÁNH.password))?.me).toEqual(me)
  expect(await world.accounts.authenticate('anh.nguyen', 'mật khẩu của ánh')).toBeUndefined()
})

test('names that would mean everybody or the system are nobody’s', async () => {
  const world = await setUpAccounts()
  for (const username of ['everyone', 'here', 'tam']) {
    expect([username, await codeOf(register(world, { ...ÁNH, username }))]).toEqual([
      username,
      'username_taken',
    ])
  }
  expect(await codeOf(register(world, { ...ÁNH, username: 'tam.an' }))).toBe('ok')
})

test('a user name is taken once, however many ask at the same time', async () => {
  const world = await setUpAccounts()
  const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(register(world, ÁNH))))
  expect(codes.filter((code) => code === 'ok')).toHaveLength(1)
  expect(codes.filter((code) => code === 'username_taken')).toHaveLength(19)
  expect(await world.profiles.search('Ánh')).toHaveLength(1)
})

test('a claim that was cut off before its account is free again after a minute', async () => {
  const world = await setUpAccounts()
  const names = new Names({ ...world, random: systemRandom })
  expect(await names.claim('anh.nguyen', 'CutOff000000')).toBe(true)
  world.clock.advance(CLAIM_ABANDONED_MS - 1)
  expect(await codeOf(register(world, ÁNH))).toBe('username_taken')
  world.clock.advance(1)
  expect(await codeOf(register(world, ÁNH))).toBe('ok')
  expect(await names.confirm('anh.nguyen', 'CutOff000000')).toBe(false)
})

test('an account whose claim was never confirmed keeps its name and logs in', async () => {
  const world = await setUpAccounts()
  const cut = cutOffBefore(world, 'confirm')
  expect(await codeOf(cut.register(ÁNH))).not.toBe('ok')
  world.clock.advance(2 * CLAIM_ABANDONED_MS)
  expect(await codeOf(register(world, ÁNH))).toBe('username_taken')
  expect(await world.accounts.authenticate(ÁNH.username, ÁNH.password)).toBeDefined()
  expect(await world.profiles.search('ánh')).toHaveLength(1)
})

test('of a slow registration and one that takes its name over, one wins', async () => {
  const world = await setUpAccounts()
  const names = new Names({ ...world, random: systemRandom })
  const confirm = Names.prototype.confirm
  const spy = spyOn(Names.prototype, 'confirm').mockImplementationOnce(async function (
    this: Names,
    name,
    user,
  ) {
    // Somebody saw no account a moment ago, and takes the name over now.
    await world.kv.commit(`user/${user}`, { delete: ['account'] })
    world.clock.advance(CLAIM_ABANDONED_MS)
    expect(await names.claim('anh.nguyen', 'Second000000')).toBe(true)
    return confirm.call(this, name, user)
  })
  expect(await codeOf(register(world, ÁNH))).toBe('username_taken')
  spy.mockRestore()
  expect(await world.accounts.authenticate(ÁNH.username, ÁNH.password)).toBeUndefined()
})

/** Accounts whose registration dies before one of its steps. */
function cutOffBefore(world: AccountsWorld, step: 'confirm') {
  const store = { ...world, random: systemRandom }
  class DyingNames extends Names {
    override async [step](): Promise<boolean> {
      throw new Error('cut off')
    }
  }
  const people = new PeopleIndex(store)
  return {
    register: async (body: typeof ÁNH) => {
      const passwords = await Passwords.create({ cost: TEST_HASH_COST, concurrency: 1 })
      return new Accounts({ ...store, names: new DyingNames(store), passwords, people }).register(body)
    },
  }
}

test('an unverified address is shown for a day, then dropped', async () => {
  const { accounts, profiles, clock } = await setUpAccounts()
  const me = await accounts.register({
    username: 'binh',
    password: 'mật khẩu dài',
    email: 'binh@example.org',
  })
  expect((await profiles.me(me.id)).email).toBe('binh@example.org')
  expect(await accounts.authenticate('binh@example.org', 'mật khẩu dài')).toBeUndefined()
  clock.advance(UNVERIFIED_EMAIL_MS)
  expect((await profiles.me(me.id)).email).toBeNull()
})

test('[R6.3.8] an unknown name and a wrong password cost the same hash and the same reads', async () => {
  const world = await setUpAccounts()
  await register(world, ÁNH)
  const verify = spyOn(Bun.password, 'verify')
  const get = spyOn(world.kv, 'get')
  const getMany = spyOn(world.kv, 'getMany')
  const work: unknown[] = []
  for (const [login, password] of [
    ['anh.nguyen', 'sai mật khẩu'],
    ['khong.ai.ca', 'sai mật khẩu'],
    ['không hợp lệ!', 'sai mật khẩu'],
    ['someone@example.org', 'sai mật khẩu'],
    ['anh.nguyen', '\ud800'],
    ['anh.nguyen', 'x'.repeat(4_000)],
  ] as const) {
    expect(await world.accounts.authenticate(login, password)).toBeUndefined()
    const costs = verify.mock.calls.map(([, hash]) => /m=\d+,t=\d+/.exec(String(hash))?.[0])
    work.push([costs, get.mock.calls.length, getMany.mock.calls.map(([refs]) => refs.length)])
    verify.mockClear()
    get.mockClear()
    getMany.mockClear()
  }
  verify.mockRestore()
  expect(work).toEqual(work.map(() => [['m=8,t=1'], 1, [2]]))
})

test('[O35] passwords are compared in NFC, whole, with case and spaces', async () => {
  const world = await setUpAccounts()
  const long = `Đường${'x'.repeat(1_019)}`
  await register(world, { username: 'long', password: long })
  await register(world, { username: 'space', password: '  bảy chữ' })
  await register(world, { username: 'marks', password: 'chữ ký của tôi'.normalize('NFC') })
  const ok = async (login: string, password: string) =>
    (await world.accounts.authenticate(login, password)) !== undefined
  expect(long).toHaveLength(1_024)
  expect(await ok('long', long)).toBe(true)
  expect(await ok('long', long.slice(0, -1))).toBe(false)
  expect(await ok('long', `${long.slice(0, 72)}`)).toBe(false)
  expect(await ok('space', '  bảy chữ')).toBe(true)
  expect(await ok('space', 'bảy chữ')).toBe(false)
  expect(await ok('marks', 'chữ ký của tôi'.normalize('NFD'))).toBe(true)
  expect(await ok('marks', 'chu ky cua toi')).toBe(false)
})

test('a hash of another cost is replaced at login', async () => {
  const world = await setUpAccounts()
  const me = await register(world, ÁNH)
  const old = await Bun.password.hash(ÁNH.password, { algorithm: 'argon2id', memoryCost: 16, timeCost: 1 })
  await world.kv.commit(`user/${me.id}`, { put: [{ key: 'password', value: old }] })
  const person = await world.accounts.authenticate(ÁNH.username, ÁNH.password)
  const row = await world.kv.get(`user/${me.id}`, 'password')
  expect(row?.value).toContain('m=8,t=1')
  expect(person?.expect).toEqual([{ key: 'password', rev: row!.rev }])
  expect(await world.accounts.authenticate(ÁNH.username, ÁNH.password)).toBeDefined()
})

test('[6.2.4] a common password is refused, before anything is claimed, and at a change', async () => {
  const world = await setUpAccounts()
  expect(await codeOf(register(world, { ...ÁNH, password: 'Matkhau@2026' }))).toBe('common_password')
  const { id } = await register(world, ÁNH)
  const change = (current: string, next: string) => codeOf(world.accounts.changePassword(id, current, next))
  expect(await change(ÁNH.password, 'Ánh.Nguyễn 1998')).toBe('common_password')
  // Who does not know the password learns nothing else.
  expect(await change('sai', 'Matkhau@2026')).toBe('invalid_credentials')
  expect(await world.accounts.authenticate(ÁNH.username, ÁNH.password)).toBeDefined()
})

test('a password changes only for who knows it, and once', async () => {
  const world = await setUpAccounts()
  const { id } = await register(world, ÁNH)
  expect(await codeOf(world.accounts.changePassword(id, 'sai', 'mật khẩu mới'))).toBe('invalid_credentials')
  const codes = await Promise.all(
    ['mật khẩu một', 'mật khẩu hai'].map((next) =>
      codeOf(world.accounts.changePassword(id, ÁNH.password, next)),
    ),
  )
  expect(codes.sort()).toEqual(['invalid_credentials', 'ok'])
  expect(await world.accounts.authenticate(ÁNH.username, ÁNH.password)).toBeUndefined()
})
