import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { expect, spyOn, test } from 'bun:test'
import { ACCESS_TOKEN_SECONDS } from '@tam/protocol'
import { importPKCS8, jwtVerify } from 'jose'
import { KEY_ACTIVATION_MS, KEY_REFRESH_MS, KEY_RETIREMENT_MS, KEY_ROTATION_MS } from './server-keys.ts'
import { ISSUER, setUpAccounts } from './tests/setup.ts'

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

async function setUp() {
  const world = await setUpAccounts()
  const { token } = world.tokens.issue('Abc123def456', 'sid')
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  const key = world.keys.signing()
  const signed = (head: unknown, body: unknown) => {
    const text = `${encode(head)}.${encode(body)}`
    return `${text}.${sign(null, Buffer.from(text), key.privateKey).toString('base64url')}`
  }
  const head = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>
  return { ...world, token, header, payload, signature, claims, head, key, signed }
}

test('a token tells whose it is until it expires', async () => {
  const { tokens, token, clock } = await setUp()
  const claims = { user: 'Abc123def456', sid: 'sid', exp: clock.now() / 1_000 + ACCESS_TOKEN_SECONDS }
  expect(await tokens.verify(token)).toEqual(claims)
  clock.advance((ACCESS_TOKEN_SECONDS - 1) * 1_000)
  expect(await tokens.verify(token)).toEqual(claims)
  clock.advance(1_000)
  expect(await tokens.verify(token)).toBeUndefined()
})

test('a request brings its token again, a socket does not: only the former is remembered', async () => {
  const { tokens, token, keys } = await setUp()
  const lookedUp = spyOn(keys, 'verifying')
  await tokens.verifyOnce(token)
  await tokens.verifyOnce(token)
  expect(lookedUp).toHaveBeenCalledTimes(2)
  await tokens.verify(token)
  await tokens.verify(token)
  await tokens.verifyOnce(token)
  expect(lookedUp).toHaveBeenCalledTimes(3)
})

test('an independent library reads our tokens', async () => {
  const { token, key, clock } = await setUp()
  const pem = key.publicKey.export({ format: 'pem', type: 'spki' })
  const { importSPKI } = await import('jose')
  const { payload, protectedHeader } = await jwtVerify(token, await importSPKI(pem.toString(), 'EdDSA'), {
    algorithms: ['EdDSA'],
    issuer: ISSUER,
    audience: 'tam',
    typ: 'at+jwt',
    currentDate: new Date(clock.now()),
  })
  expect(payload).toMatchObject({
    sub: 'Abc123def456',
    sid: 'sid',
    exp: clock.now() / 1_000 + ACCESS_TOKEN_SECONDS,
  })
  expect(payload.jti).toBeString()
  expect(protectedHeader.kid).toBe(key.kid)
  expect(
    await importPKCS8(key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'EdDSA'),
  ).toBeDefined()
})

test('[O28] what is not exactly one of our tokens is refused', async () => {
  const { tokens, token, header, payload, signature, claims, head, key, signed } = await setUp()
  const publicPem = key.publicKey.export({ format: 'pem', type: 'spki' }).toString()
  const hmac = (alg: string, secret: string) => {
    const text = `${encode({ ...head, alg })}.${payload}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const stranger = generateKeyPairSync('ed25519').privateKey
  const foreign = `${header}.${payload}.${sign(null, Buffer.from(`${header}.${payload}`), stranger).toString('base64url')}`
  const forgeries: Record<string, string> = {
    'alg none': `${encode({ ...head, alg: 'none' })}.${payload}.`,
    'alg none, signed': signed({ ...head, alg: 'none' }, claims),
    'HS256 with the public key': hmac('HS256', publicPem),
    'alg ES256': signed({ ...head, alg: 'ES256' }, claims),
    'kid is a path': signed({ ...head, kid: '../../dev/null' }, claims),
    'kid is SQL': signed({ ...head, kid: "' OR 1=1 --" }, claims),
    'kid is unknown': signed({ ...head, kid: 'other' }, claims),
    'kid is no string': signed({ ...head, kid: [key.kid] }, claims),
    'unknown crit': signed({ ...head, crit: ['x'], x: 1 }, claims),
    jku: signed({ ...head, jku: 'https://evil.example/jwks' }, claims),
    jwk: signed({ ...head, jwk: key.publicKey.export({ format: 'jwk' }) }, claims),
    'no typ': signed({ alg: head['alg'], kid: key.kid }, claims),
    'typ JWT': signed({ ...head, typ: 'JWT' }, claims),
    'the same header written otherwise': signed(`{ "alg":"EdDSA","typ":"at+jwt","kid":"${key.kid}"}`, claims),
    'another key': foreign,
    'a changed payload': `${header}.${encode({ ...claims, sub: 'admin' })}.${signature}`,
    'duplicate claims': `${header}.${encode(`{"sub":"admin",${JSON.stringify(claims).slice(1)}`)}.${signature}`,
    'trailing garbage': `${token}x`,
    'trailing part': `${token}.x`,
    'trailing newline': `${token}\n`,
    'signature padded': `${token}==`,
    'signature cut': token.slice(0, -1),
    'no signature': `${header}.${payload}`,
    'an empty signature': `${header}.${payload}.`,
    'one megabyte': `${token}${'A'.repeat(1_000_000)}`,
    empty: '',
  }
  for (const [name, forged] of Object.entries(forgeries)) {
    expect([name, await tokens.verify(forged)]).toEqual([name, undefined])
  }
  expect(await tokens.verify(token)).toBeDefined()
})

test('[O28] claims signed by our own key still have to be right', async () => {
  const { tokens, claims, head, signed } = await setUp()
  const iat = claims['iat'] as number
  const wrong: Record<string, unknown>[] = [
    { iss: 'https://elsewhere.example' },
    { aud: 'other' },
    { exp: iat },
    { iat: iat + 61 },
  ]
  for (const change of wrong) {
    expect([change, await tokens.verify(signed(head, { ...claims, ...change }))]).toEqual([change, undefined])
  }
  expect(await tokens.verify(signed(head, { ...claims, iat: iat + 59 }))).toBeDefined()
})

test('[W04] a token of another installation is refused', async () => {
  const { token } = await setUp()
  const other = await setUpAccounts()
  expect(await other.tokens.verify(token)).toBeUndefined()
})

test('[O29] keys rotate without refusing any living token, on every server of the installation', async () => {
  const first = await setUpAccounts()
  const second = await setUpAccounts({ kv: first.kv, clock: first.clock })
  const { clock } = first
  const original = first.keys.signing().kid
  const kids = new Set<string>()
  let living: { token: string; exp: number }[] = []
  const end = clock.now() + KEY_ROTATION_MS + KEY_ACTIVATION_MS + KEY_RETIREMENT_MS + 10 * KEY_REFRESH_MS
  clock.advance(KEY_ROTATION_MS - 2 * KEY_REFRESH_MS)
  while (clock.now() < end) {
    clock.advance(KEY_REFRESH_MS / 2)
    await Bun.sleep(0)
    living = living.filter(({ exp }) => exp > clock.now() / 1_000)
    for (const { tokens, keys } of [first, second]) {
      kids.add(keys.signing().kid)
      const { token } = tokens.issue('u', 's')
      living.push({ token, exp: clock.now() / 1_000 + ACCESS_TOKEN_SECONDS })
    }
    for (const { token } of living) {
      expect(await first.tokens.verify(token)).toBeDefined()
      expect(await second.tokens.verify(token)).toBeDefined()
    }
  }
  expect(kids.size).toBe(2)
  expect(first.keys.verifying().has(original)).toBe(false)
  expect(second.keys.signing().kid).toBe(first.keys.signing().kid)
  expect(first.logged).toEqual([])
})

test('two servers that start at once agree on the first key', async () => {
  const { kv, clock } = await setUpAccounts()
  const again = await Promise.all([setUpAccounts({ kv, clock }), setUpAccounts({ kv, clock })])
  expect(again[0].keys.signing().kid).toBe(again[1].keys.signing().kid)
  expect(again[0].keys.refreshSecret).toEqual(again[1].keys.refreshSecret)
})

test('disposing the keys stops their timer', async () => {
  const { keys, clock } = await setUpAccounts()
  expect(clock.pending).toBe(1)
  keys[Symbol.dispose]()
  expect(clock.pending).toBe(0)
})
