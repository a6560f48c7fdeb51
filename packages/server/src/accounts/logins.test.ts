import { expect, spyOn, test } from 'bun:test'
import { systemRandom } from '@tam/util'
import { AppError } from '../errors.ts'
import { StorageFull } from '../ports/kv/kv.ts'
import { ACTIVE_AGE_MAX_MS } from './active-logins.ts'
import { Audit } from './audit.ts'
import { LOGIN_ABSOLUTE_MS, LOGIN_IDLE_MS } from './login-row.ts'
import { CLOCK_SKEW_MS } from './clock-skew.ts'
import { LOGINS_PER_USER_MAX, REFRESH_GRACE_MS, REFRESH_REUSE_MS } from './logins.ts'
import { setUpAccounts } from './tests/setup.ts'

const USER = 'Abc123def456'
const DAY_MS = 24 * 60 * 60 * 1_000

async function setUp() {
  const world = await setUpAccounts()
  // Thirty days of its timer say nothing about logins.
  world.keys[Symbol.dispose]()
  const login = await world.logins.create({ user: USER, device: 'Firefox, Linux' })
  return { ...world, login }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  )

test('a refresh token is exchanged for the next one', async () => {
  const { logins, login } = await setUp()
  const next = await logins.refresh(login.refreshToken)
  expect(next).toMatchObject({ sid: login.sid, user: USER, maxAge: LOGIN_IDLE_MS / 1_000 })
  expect(next.refreshToken).not.toBe(login.refreshToken)
  expect((await logins.refresh(next.refreshToken)).refreshToken).not.toBe(next.refreshToken)
})

test('refresh tokens are opaque, 256 bits, and stored as digests only', async () => {
  const { kv, login } = await setUp()
  const secret = login.refreshToken.slice(login.sid.length + 1)
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
  const row = await kv.get(`login/${login.sid}`, 'login')
  expect(row?.value).toContain('"current"')
  expect(row?.value).not.toContain(secret)
})

test('[O23] two tabs that refresh at once both go on, with one successor', async () => {
  const { logins, login } = await setUp()
  const answers = await Promise.all(Array.from({ length: 10 }, () => logins.refresh(login.refreshToken)))
  expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1)
  expect(await logins.isActive(login.sid)).toBe(true)
  expect(await codeOf(logins.refresh(answers[0]!.refreshToken))).toBe('ok')
})

test('a lost answer is given again within the grace, as long as its successor is unused', async () => {
  const { logins, login, clock } = await setUp()
  const next = await logins.refresh(login.refreshToken)
  clock.advance(REFRESH_GRACE_MS - 1)
  expect((await logins.refresh(login.refreshToken)).refreshToken).toBe(next.refreshToken)
})

test('[O22] a consumed token used after the grace ends the login and says so', async () => {
  const { logins, login, clock, kv, listen, logged, appended } = await setUp()
  const heard = await listen(USER)
  const next = await logins.refresh(login.refreshToken)
  clock.advance(REFRESH_REUSE_MS)
  const reuse = () => codeOf(logins.refresh(login.refreshToken, '203.0.113.9'))
  expect(await reuse()).toBe('unauthenticated')
  expect(heard).toEqual([{ t: 'revoke', sid: login.sid }])
  expect(logged).toHaveLength(1)
  const [record] = await new Audit({ kv, clock, random: systemRandom }).read(0)
  expect(record).toMatchObject({ who: USER, what: 'refresh_token_reused', sid: login.sid, ip: '203.0.113.9' })
  const told = appended.map(({ log, request }) => [log, JSON.parse(`{${request.body}`)])
  const event = { type: 'security', event: 'refresh_token_reused', device: 'Firefox, Linux' }
  expect(told).toEqual([[USER, expect.objectContaining(event)]])
  const written = JSON.stringify([logged, record, told])
  expect(written).not.toContain(login.refreshToken.slice(login.sid.length + 1))
  expect(written).not.toContain(next.refreshToken.slice(login.sid.length + 1))
  expect(await reuse()).toBe('unauthenticated')
  expect(appended).toHaveLength(1)
  expect(await codeOf(logins.refresh(next.refreshToken))).toBe('unauthenticated')
  expect(await logins.isActive(login.sid)).toBe(false)
})

/** The same person a moment later at a server whose clock is `aheadMs` off, after a refresh at another one. */
async function refreshedAcross(aheadMs: { first?: number; second?: number; between?: number }) {
  const { logins, login, clock } = await setUp()
  const { first = 0, second = 0, between = REFRESH_GRACE_MS - 1 } = aheadMs
  clock.advance(first)
  await logins.refresh(login.refreshToken)
  clock.advance(second - first + between)
  return codeOf(logins.refresh(login.refreshToken))
}

test('two servers whose clocks are up to a minute apart sign nobody out who uses both', async () => {
  expect(await refreshedAcross({ second: 12_000 })).toBe('ok')
  expect(await refreshedAcross({ second: CLOCK_SKEW_MS })).toBe('ok')
  expect(await refreshedAcross({ first: 12_000 })).toBe('ok')
  expect(await refreshedAcross({ first: CLOCK_SKEW_MS, between: 0 })).toBe('ok')
})

test('[O22] a clock that is an hour off does not let a consumed token live longer', async () => {
  const hour = 60 * 60_000
  expect(await refreshedAcross({ first: hour, between: REFRESH_REUSE_MS })).toBe('unauthenticated')
  expect(await refreshedAcross({ second: hour, between: REFRESH_REUSE_MS })).toBe('unauthenticated')
  expect(await refreshedAcross({ first: CLOCK_SKEW_MS, between: 2 * REFRESH_REUSE_MS })).toBe(
    'unauthenticated',
  )
})

test('[O22] the login ends also when nothing can be put on record, and that is logged', async () => {
  const { logins, login, clock, kv, logged } = await setUp()
  await logins.refresh(login.refreshToken)
  clock.advance(REFRESH_REUSE_MS)
  const commit = kv.commit.bind(kv)
  const broken = spyOn(kv, 'commit').mockImplementation(async (partition, change) => {
    if (partition.startsWith('audit/')) {
      throw new StorageFull()
    }
    return commit(partition, change)
  })
  expect(await codeOf(logins.refresh(login.refreshToken))).toBe('unauthenticated')
  broken.mockRestore()
  expect(await logins.isActive(login.sid)).toBe(false)
  expect(logged.map(({ message }) => message)).toContain('the reuse of a refresh token was not put on record')
})

test('[O22] a consumed token ends the login within the grace too, once its successor was used', async () => {
  const { logins, login } = await setUp()
  const next = await logins.refresh(login.refreshToken)
  const last = await logins.refresh(next.refreshToken)
  expect(await codeOf(logins.refresh(login.refreshToken))).toBe('unauthenticated')
  expect(await codeOf(logins.refresh(last.refreshToken))).toBe('unauthenticated')
})

test('[O26] a login ends when it idles, and absolutely', async () => {
  const { logins, login, clock } = await setUp()
  clock.advance(LOGIN_IDLE_MS)
  expect(await codeOf(logins.refresh(login.refreshToken))).toBe('unauthenticated')

  let busy = await logins.create({ user: USER, device: '' })
  const { sid } = busy
  for (let day = 0; day < 29; day++) {
    clock.advance(DAY_MS)
    busy = await logins.refresh(busy.refreshToken)
  }
  expect(busy.maxAge).toBe((LOGIN_ABSOLUTE_MS - 29 * DAY_MS) / 1_000)
  clock.advance(DAY_MS)
  expect(await logins.isActive(sid)).toBe(false)
  expect(await codeOf(logins.refresh(busy.refreshToken))).toBe('unauthenticated')
})

test('[CN8] what another server revoked shows at once to whoever asks for nothing older', async () => {
  const { logins, login, kv, clock } = await setUp()
  const other = await setUpAccounts({ kv, clock })
  other.keys[Symbol.dispose]()
  expect(await other.logins.isActive(login.sid)).toBe(true)
  await logins.revoke(login.sid)
  expect(await other.logins.isActive(login.sid)).toBe(true)
  expect(await other.logins.isActive(login.sid, clock.monotonic())).toBe(false)
  expect(await other.logins.isActive(login.sid)).toBe(false)
})

test('[O26] after logout neither token nor successor count', async () => {
  const { logins, login, listen } = await setUp()
  const heard = await listen(USER)
  const next = await logins.refresh(login.refreshToken)
  expect(await logins.isActive(login.sid)).toBe(true)
  await logins.end(next.refreshToken)
  expect(await logins.isActive(login.sid)).toBe(false)
  expect(await codeOf(logins.refresh(next.refreshToken))).toBe('unauthenticated')
  expect(heard).toEqual([{ t: 'revoke', sid: login.sid }])
  await logins.end(next.refreshToken)
  await logins.end('nonsense')
  expect(heard).toHaveLength(1)
})

test('texts that are no refresh token are refused', async () => {
  const { logins, login } = await setUp()
  const broken = [
    '',
    '.',
    login.sid,
    `${login.sid}.`,
    `${login.refreshToken}A`,
    `../${login.refreshToken}`,
    'a'.repeat(1e6),
  ]
  for (const text of broken) {
    expect([text.slice(0, 50), await codeOf(logins.refresh(text))]).toEqual([
      text.slice(0, 50),
      'unauthenticated',
    ])
  }
  expect(await logins.isActive(login.sid)).toBe(true)
})

test('another server sees a revocation within two seconds', async () => {
  const { logins, login, kv, clock } = await setUp()
  const other = await setUpAccounts({ kv, clock })
  expect(await other.logins.isActive(login.sid)).toBe(true)
  await logins.revoke(login.sid)
  clock.advance(ACTIVE_AGE_MAX_MS)
  expect(await other.logins.isActive(login.sid)).toBe(false)
  expect(await other.logins.isActive('unknown')).toBe(false)
})

test('a revocation during the read is not forgotten', async () => {
  const { logins, login, kv } = await setUp()
  const read = kv.get.bind(kv)
  const revoked = Promise.withResolvers<void>()
  const slow = spyOn(kv, 'get').mockImplementationOnce(async (partition, key) => {
    const row = await read(partition, key)
    await revoked.promise
    return row
  })
  const asked = logins.isActive(login.sid)
  await logins.revoke(login.sid)
  revoked.resolve()
  expect(await asked).toBe(false)
  expect(await logins.isActive(login.sid)).toBe(false)
  slow.mockRestore()
})

test('all logins end at once, and are announced as one', async () => {
  const { logins, login, listen } = await setUp()
  const second = await logins.create({ user: USER, device: 'Safari, iPhone' })
  const heard = await listen(USER)
  await logins.revokeAll(USER)
  expect(heard).toContainEqual({ t: 'revoke', sid: null })
  expect([await logins.isActive(login.sid), await logins.isActive(second.sid)]).toEqual([false, false])
  expect(await logins.list(USER)).toEqual([])
})

test('all but one can end', async () => {
  const { logins, login, listen } = await setUp()
  const second = await logins.create({ user: USER, device: 'Safari, iPhone' })
  const heard = await listen(USER)
  await logins.revokeAll(USER, second.sid)
  expect(heard).toEqual([{ t: 'revoke', sid: login.sid }])
  expect((await logins.list(USER)).map(({ sid }) => sid)).toEqual([second.sid])
})

test('nobody ends a login of somebody else', async () => {
  const { logins, login } = await setUp()
  expect(await codeOf(logins.revokeOwn('Stranger0000', login.sid))).toBe('not_found')
  expect(await logins.isActive(login.sid)).toBe(true)
  await logins.revokeOwn(USER, login.sid)
  expect(await logins.isActive(login.sid)).toBe(false)
})

test('logins are listed by last use', async () => {
  const { logins, login, clock } = await setUp()
  clock.advance(1_000)
  const second = await logins.create({ user: USER, device: 'Safari, iPhone' })
  clock.advance(1_000)
  await logins.refresh(login.refreshToken)
  expect((await logins.list(USER)).map(({ sid, device }) => [sid, device])).toEqual([
    [login.sid, 'Firefox, Linux'],
    [second.sid, 'Safari, iPhone'],
  ])
})

test('one login too many ends the one used longest ago', async () => {
  const { logins, login, clock } = await setUp()
  for (let count = 1; count < LOGINS_PER_USER_MAX; count++) {
    clock.advance(1_000)
    await logins.create({ user: USER, device: '' })
  }
  expect(await logins.isActive(login.sid)).toBe(true)
  clock.advance(1_000)
  await logins.create({ user: USER, device: '' })
  expect(await logins.isActive(login.sid)).toBe(false)
  expect(await logins.list(USER)).toHaveLength(LOGINS_PER_USER_MAX)
})

test('a login begun with an old password does not survive its change', async () => {
  const { logins, kv } = await setUp()
  await kv.commit(`user/${USER}`, { put: [{ key: 'password', value: 'old' }] })
  const seen = await kv.get(`user/${USER}`, 'password')
  await kv.commit(`user/${USER}`, { put: [{ key: 'password', value: 'new' }] })
  const creating = logins.create({ user: USER, device: '', expect: [{ key: 'password', rev: seen!.rev }] })
  expect(await codeOf(creating)).toBe('invalid_credentials')
  expect(await logins.list(USER)).toHaveLength(1)
})
