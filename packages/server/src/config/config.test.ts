import { expect, test } from 'bun:test'
import { ConfigError, parseConfig } from './config.ts'
import { readEnv } from './env.ts'
import { publicAddress } from './public-address.ts'
import { Settings } from './settings.ts'

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    parseConfig(env)
    return []
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [String(error)]
  }
}

test('without settings the server is for this machine', () => {
  const { trustedProxies, ...config } = parseConfig({})
  expect(config).toEqual({
    host: '127.0.0.1',
    port: 8_080,
    dataDirectory: './data',
    publicUrl: undefined,
    registration: 'open',
    rateLimitScale: 1,
    logLevel: 'info',
    roles: ['notify', 'presence', 'chat', 'api'],
    store: { kind: 'sqlite', path: 'data/tam.db' },
    redis: undefined,
    blobs: { kind: 'directory', path: 'data/uploads' },
    admin: undefined,
    drainDelayMs: 0,
  })
  expect(trustedProxies('127.0.0.1')).toBe(false)
})

test('settings are read', () => {
  const { trustedProxies, ...config } = parseConfig({
    TAM_HOST: '0.0.0.0',
    TAM_PORT: '0',
    TAM_DATA_DIR: '/srv/tám',
    TAM_PUBLIC_URL: 'https://Chat.Example.org/',
    TAM_REGISTRATION: 'closed',
    TAM_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    TAM_RATE_LIMIT_SCALE: '0.5',
    TAM_LOG_LEVEL: 'warn',
    TAM_ROLES: 'chat, api',
    TAM_KV_URL: 'cassandra://a,b/tam',
    TAM_REDIS_URL: 'redis://:secret@cache:7000',
    TAM_BLOBS_URL: 'file:///srv/t%C3%A1m/uploads',
    TAM_ADMIN_PORT: '9090',
    TAM_DRAIN_DELAY: '3',
  })
  expect(config).toEqual({
    host: '0.0.0.0',
    port: 0,
    dataDirectory: '/srv/tám',
    publicUrl: 'https://chat.example.org',
    registration: 'closed',
    rateLimitScale: 0.5,
    logLevel: 'warn',
    roles: ['chat', 'api'],
    store: {
      kind: 'cassandra',
      cluster: { contactPoints: ['a', 'b'], localDataCenter: 'datacenter1', keyspace: 'tam' },
    },
    redis: {
      kind: 'single',
      tls: false,
      addresses: [{ host: 'cache', port: 7_000 }],
      password: 'secret',
      database: 0,
    },
    blobs: { kind: 'directory', path: '/srv/tám/uploads' },
    admin: { host: '127.0.0.1', port: 9_090 },
    drainDelayMs: 3_000,
  })
  expect([trustedProxies('10.2.3.4'), trustedProxies('::1'), trustedProxies('11.0.0.1')]).toEqual([
    true,
    true,
    false,
  ])
})

test('[F26] everything that is wrong is said at once, by name', () => {
  const problems = problemsOf({
    TAM_PORT: '80800',
    TAM_PUBLIC_URL: 'chat.example.org',
    TAM_REGISTRATION: 'maybe',
    TAM_TRUSTED_PROXIES: '10.0.0.0/99',
    TAM_RATE_LIMIT_SCALE: '0',
    TAM_LOG_LEVEL: 'loud',
    TAM_KV_URL: 'cassandra://geheim@db',
    TAM_REDIS_URL: 'http://:geheim@cache',
    TAM_BLOBS_URL: 's3://key:geheim@',
    TAM_ROLES: 'chat,cat',
    TAM_ADMIN_PORT: 'x',
    TAM_DRAIN_DELAY: '10',
    TAM_PROT: '1',
  })
  expect(problems).toHaveLength(13)
  expect(problems.join()).not.toContain('geheim')
  for (const name of [
    'TAM_PORT',
    'TAM_PUBLIC_URL',
    'TAM_REGISTRATION',
    'TAM_TRUSTED_PROXIES',
    'TAM_RATE_LIMIT_SCALE',
    'TAM_LOG_LEVEL',
    'TAM_KV_URL',
    'TAM_REDIS_URL',
    'TAM_BLOBS_URL',
    'TAM_ROLES',
    'TAM_ADMIN_PORT',
    'TAM_DRAIN_DELAY',
  ]) {
    expect(problems.filter((problem) => problem.startsWith(`${name}: `))).toHaveLength(1)
  }
})

const FLEET = {
  TAM_KV_URL: 'cassandra://db/tam',
  TAM_REDIS_URL: 'redis://cache',
  TAM_BLOBS_URL: 'file:///uploads',
  TAM_PUBLIC_URL: 'https://chat.example.org',
}
const namesOf = (env: Record<string, string>) => problemsOf(env).map((problem) => problem.split(':')[0])

test('what does not go together is refused, with what to set', () => {
  expect(namesOf({ TAM_ROLES: 'api' })).toEqual(['TAM_KV_URL', 'TAM_REDIS_URL'])
  expect(problemsOf({ ...FLEET, TAM_ROLES: 'chat', TAM_KV_URL: 'sqlite:/x/tam.db' })[0]).toContain(
    'one process',
  )
  expect(namesOf({ TAM_KV_URL: FLEET.TAM_KV_URL })).toEqual([
    'TAM_REDIS_URL',
    'TAM_PUBLIC_URL',
    'TAM_BLOBS_URL',
  ])
  expect(namesOf({ TAM_KV_URL: 'unix:///x/kv', TAM_ROLES: 'notify' })).toEqual(['TAM_REDIS_URL'])
  for (const roles of ['all', 'api', 'chat', 'presence,notify', 'api,chat,presence,notify']) {
    expect([roles, problemsOf({ ...FLEET, TAM_ROLES: roles })]).toEqual([roles, []])
  }
  expect(problemsOf({ TAM_KV_URL: 'sqlite:/x/tam.db', TAM_REDIS_URL: 'redis://cache' })).toEqual([])
})

test('the admin port is another port than the public one', () => {
  const of = (host: string, adminHost: string, port = '9090', adminPort = port) =>
    problemsOf({
      TAM_HOST: host,
      TAM_PORT: port,
      TAM_ADMIN_HOST: adminHost,
      TAM_ADMIN_PORT: adminPort,
    })
  for (const [host, adminHost] of [
    ['127.0.0.1', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['10.0.0.7', '::'],
    ['localhost', '127.0.0.1'],
    ['::1', 'localhost'],
    ['Chat.Example.org', 'chat.example.org'],
  ] as const) {
    expect([host, of(host, adminHost)]).toEqual([
      host,
      ['TAM_ADMIN_PORT: 9090 is TAM_PORT too: the admin port needs one of its own'],
    ])
  }
  expect(problemsOf({ TAM_ADMIN_PORT: '8080' })).toHaveLength(1)
  expect(of('10.0.0.7', '127.0.0.1')).toEqual([])
  expect(of('0.0.0.0', '0.0.0.0', '0')).toEqual([])
  expect(of('0.0.0.0', '0.0.0.0', '8080', '9090')).toEqual([])
})

test('roles are named in any order, and only API servers have uploads', () => {
  const rolesOf = (text: string) => parseConfig({ ...FLEET, TAM_ROLES: text }).roles
  expect(rolesOf('api,notify')).toEqual(['notify', 'api'])
  expect(rolesOf('all')).toEqual(rolesOf('api,chat,presence,notify'))
  for (const wrong of ['all,api', 'api,,chat', 'Api', ',']) {
    expect([wrong, namesOf({ ...FLEET, TAM_ROLES: wrong })]).toEqual([wrong, ['TAM_ROLES']])
  }
  expect(parseConfig({ ...FLEET, TAM_ROLES: 'chat' }).blobs).toBeUndefined()
})

test('an unknown name is an error that names the nearest known one', () => {
  expect(problemsOf({ TAM_PROT: '1' })).toEqual(['TAM_PROT: is not a setting; did you mean TAM_PORT?'])
  expect(problemsOf({ TAM_PUBLICURL: 'x' })).toEqual([
    'TAM_PUBLICURL: is not a setting; did you mean TAM_PUBLIC_URL?',
  ])
  expect(problemsOf({ TAM_RATE_LIMITS_SCALE: '1' })[0]).toEndWith('did you mean TAM_RATE_LIMIT_SCALE?')
  expect(problemsOf({ TAM_RATELIMIT: '1' })[0]).toEndWith('did you mean TAM_RATE_LIMIT_SCALE?')
  expect(problemsOf({ TAM_KV: '1' })[0]).toEndWith('did you mean TAM_KV_URL?')
  expect(problemsOf({ TAM_: '1' })[0]).not.toContain('TAM_PUBLIC_URL')
  expect(problemsOf({ TAM_SOMETHING_ELSE_ENTIRELY: '1' })).toEqual([
    'TAM_SOMETHING_ELSE_ENTIRELY: is not a setting',
  ])
})

test('numbers and addresses are taken strictly', () => {
  for (const port of ['', ' 80', '8e3', '-1', '65536', '0x50', '80.5']) {
    expect([port, problemsOf({ TAM_PORT: port }).length]).toEqual([port, 1])
  }
  for (const scale of ['-1', 'x', '1e3', 'Infinity', '']) {
    expect([scale, problemsOf({ TAM_RATE_LIMIT_SCALE: scale }).length]).toEqual([scale, 1])
  }
  for (const url of [
    'ftp://x',
    'https://x/y',
    'https://x?y',
    'https://a@x',
    'https://',
    'javascript:1',
    '//x',
  ]) {
    expect([url, problemsOf({ TAM_PUBLIC_URL: url }).length]).toEqual([url, 1])
  }
})

test('the environment is read by its prefix, and empty values count as absent', () => {
  const saved = { ...process.env }
  try {
    process.env['TAM_TEST_ONLY'] = 'x'
    process.env['TAM_TEST_EMPTY'] = ''
    process.env['OTHER_TAM_NAME'] = 'x'
    const env = readEnv()
    expect(env['TAM_TEST_ONLY']).toBe('x')
    expect(Object.keys(env).every((name) => name.startsWith('TAM_'))).toBe(true)
    expect(env).not.toHaveProperty('TAM_TEST_EMPTY')
  } finally {
    delete process.env['TAM_TEST_ONLY']
    delete process.env['TAM_TEST_EMPTY']
    delete process.env['OTHER_TAM_NAME']
    expect(process.env).toEqual(saved)
  }
})

test('every setting is described', () => {
  for (const [name, schema] of Object.entries(Settings.shape)) {
    expect([name, schema.description]).toEqual([name, expect.any(String)])
  }
})

const origins = (publicUrl: string | undefined, port = 8_080) => [
  ...publicAddress({ publicUrl }, port).origins,
]

test('[wire 8] the public URL is this machine by default, under all its names', () => {
  const { url, cookie, insecure } = publicAddress({ publicUrl: undefined }, 4_321)
  expect([url, cookie, insecure]).toEqual([
    'http://localhost:4321',
    { name: '__Host-rt', secure: true },
    false,
  ])
  expect(origins(undefined, 4_321)).toEqual([
    'http://localhost:4321',
    'http://127.0.0.1:4321',
    'http://[::1]:4321',
  ])
  expect(origins('http://127.0.0.1:9000')).toEqual([
    'http://127.0.0.1:9000',
    'http://localhost:9000',
    'http://[::1]:9000',
  ])
  expect(origins(undefined, 80)).toEqual(['http://localhost', 'http://127.0.0.1', 'http://[::1]'])
})

test('[wire 8] elsewhere there is one origin, and the cookie is as safe as the URL', () => {
  expect(publicAddress({ publicUrl: 'https://chat.example.org' }, 8_080)).toEqual({
    url: 'https://chat.example.org',
    origins: new Set(['https://chat.example.org']),
    cookie: { name: '__Host-rt', secure: true },
    insecure: false,
  })
  expect(publicAddress({ publicUrl: 'http://192.168.1.20:8080' }, 8_080)).toMatchObject({
    cookie: { name: 'rt', secure: false },
    insecure: true,
  })
  expect(publicAddress({ publicUrl: 'http://localhost.example.org' }, 8_080).insecure).toBe(true)
})
