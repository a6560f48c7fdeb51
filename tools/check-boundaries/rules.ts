/** One arrow or ban of the architecture. `reason` is what the offender reads. */
export interface Rule {
  readonly name: string
  /** Files the rule is about. */
  readonly applies: (file: string) => boolean
  /** True when the import (a repository path, or a package name) is not allowed. */
  readonly forbids: (target: string, file: string) => boolean
  readonly reason: string
}

const isTest = (file: string) =>
  /\.(test|contract)\.tsx?$|\/(tests|e2e|dev)\/|^packages\/testkit\//.test(file)
const within = (folder: string) => (file: string) => file.startsWith(folder)
/** An engine of a port or a part of one. What only reads the address of one opens nothing. */
const isEngine = (target: string) =>
  (/\.(sqlite|memory|directory|redis|cassandra|remote|s3|faulty)(\.[a-z-]+)*\.ts$/.test(target) ||
    target.startsWith(`${server}ports/redis/`)) &&
  !/(\.target|-url)\.ts$/.test(target)
const isOfSamePort = (target: string, file: string) =>
  file.startsWith(target.slice(0, target.lastIndexOf('/') + 1)) ||
  (target.startsWith(`${server}ports/redis/`) && /\/ports\/(bus|cache)\/[a-z]+\.redis\./.test(file))
const isPackage = (target: string, names: readonly string[]) =>
  names.some((name) => target === name || target.startsWith(`${name}/`))
const server = 'packages/server/src/'
const domain = ['accounts', 'conversations', 'messages', 'access', 'log', 'presence'].map(
  (name) => `${server}${name}/`,
)
const edges = ['http', 'realtime', 'roles'].map((name) => `${server}${name}/`)

const layer = (folder: string, allowed: readonly string[]): Rule => ({
  name: `${folder} may import only ${allowed.join(', ') || 'nothing of ours'}`,
  applies: (file) => file.startsWith(folder) && !isTest(file),
  forbids: (target) =>
    (target.startsWith('packages/') || target.startsWith('apps/')) &&
    !target.startsWith(folder) &&
    !allowed.some((prefix) => target.startsWith(prefix)),
  reason: 'arrows point downward: util ← protocol ← client ← web, and util, protocol ← server',
})

export const importRules: readonly Rule[] = [
  layer('packages/util/', []),
  layer('packages/protocol/', ['packages/util/']),
  layer('packages/client/', ['packages/util/', 'packages/protocol/']),
  layer('packages/server/', ['packages/util/', 'packages/protocol/']),
  layer('apps/web/', ['packages/util/', 'packages/protocol/', 'packages/client/']),
  {
    name: 'only tests import the testkit',
    applies: (file) => !isTest(file) && !file.startsWith('tools/') && !file.startsWith('bench/'),
    forbids: (target) => target.startsWith('packages/testkit/') || target === '@tam/testkit',
    reason: 'fakes must not reach production code',
  },
  {
    name: 'production code does not import tests',
    applies: (file) => !isTest(file),
    forbids: (target) => /\.(test|contract)\.tsx?$/.test(target),
    reason: 'a test may change without anybody else noticing',
  },
  {
    name: 'only composition roots name concrete engines',
    applies: (file) => file.startsWith(server) && !isTest(file) && !file.startsWith(`${server}roles/`),
    forbids: (target, file) => isEngine(target) && !isOfSamePort(target, file),
    reason: 'the domain and the edges know ports, not engines',
  },
  {
    name: 'the domain knows no edge',
    applies: (file) => domain.some((folder) => file.startsWith(folder)) && !isTest(file),
    forbids: (target) => edges.some((folder) => target.startsWith(folder)),
    reason: 'rules must be callable from any edge and any test',
  },
  {
    name: 'ports know nothing of the domain',
    applies: within(`${server}ports/`),
    forbids: (target) =>
      target.startsWith(server) &&
      !target.startsWith(`${server}ports/`) &&
      !target.startsWith(`${server}observability/`),
    reason: 'an engine must be replaceable without reading the domain',
  },
  {
    name: 'bun:sqlite only in the SQLite engine',
    applies: (file) => file.startsWith(server) && !isTest(file) && !/\.sqlite(\.[a-z-]+)?\.ts$/.test(file),
    forbids: (target) => target === 'bun:sqlite',
    reason: 'a database driver belongs into its engine file',
  },
  {
    name: 'the redis driver only in ports/redis',
    applies: (file) => !isTest(file) && !file.startsWith(`${server}ports/redis/`),
    forbids: (target) => isPackage(target, ['redis', '@redis', 'ioredis']),
    reason: 'connections are supervised in one place; engines send commands',
  },
  {
    name: 'cassandra-driver only in the Cassandra engine',
    applies: (file) => !isTest(file) && !file.startsWith(`${server}ports/kv/kv.cassandra.`),
    forbids: (target) => isPackage(target, ['cassandra-driver']),
    reason: 'a database driver belongs into its engine file',
  },
  {
    name: 'protocol and SDK run without Bun',
    applies: (file) => /^packages\/(util|protocol|client)\/src\//.test(file) && !isTest(file),
    forbids: (target) => target === 'bun' || target.startsWith('bun:') || target.startsWith('node:'),
    reason: 'they run in browsers, Bun and Node',
  },
]

/** A global that production code may reach only through an injected seam. */
export interface Ban {
  readonly pattern: RegExp
  readonly applies: (file: string) => boolean
  readonly reason: string
}

const core = (file: string) => /^packages\/(server|client)\/src\//.test(file) && !isTest(file)

export const bans: readonly Ban[] = [
  {
    pattern: /\bBun\.(RedisClient|redis)\b/,
    applies: () => true,
    reason: 'after a reconnect its subscriptions are dead while it says it is connected',
  },
  {
    pattern: /\bDate\.now\(|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\bperformance\.now\(/,
    applies: (file) => core(file) && !file.startsWith(`${server}roles/`),
    reason: 'time and chance come through Clock and Random, so that a seed replays a run',
  },
  {
    pattern: /\bprocess\.env\b/,
    applies: (file) => core(file) && !file.startsWith(`${server}config/`),
    reason: 'the environment is read in config/ only',
  },
]
