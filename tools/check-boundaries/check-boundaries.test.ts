import { expect, test } from 'bun:test'
import { findViolations } from './main.ts'

const cases: [what: string, file: string, source: string, violations: number][] = [
  [
    'the domain imports an edge',
    'packages/server/src/messages/a.ts',
    "import { x } from '../http/app.ts'",
    1,
  ],
  [
    'the domain imports an engine',
    'packages/server/src/messages/a.ts',
    "import { x } from '../ports/kv/kv.sqlite.ts'",
    1,
  ],
  [
    'a role imports an engine',
    'packages/server/src/roles/a.ts',
    "import { x } from '../ports/kv/kv.sqlite.ts'",
    0,
  ],
  [
    'an engine imports its sibling',
    'packages/server/src/ports/kv/kv.sqlite.ts',
    "import { x } from './kv.memory.ts'",
    0,
  ],
  [
    'the domain imports the inside of an engine',
    'packages/server/src/messages/a.ts',
    "import { x } from '../ports/kv/kv.cassandra.writer.ts'",
    1,
  ],
  [
    'a role imports the inside of an engine',
    'packages/server/src/roles/a.ts',
    "import { x } from '../ports/redis/redis-url.ts'",
    0,
  ],
  [
    'an edge imports the connections of Redis',
    'packages/server/src/http/a.ts',
    "import { x } from '../ports/redis/redis-link.ts'",
    1,
  ],
  [
    'the bus on Redis imports the connections of Redis',
    'packages/server/src/ports/bus/bus.redis.ts',
    "import { x } from '../redis/redis-link.ts'",
    0,
  ],
  [
    'the Cassandra engine imports its driver',
    'packages/server/src/ports/kv/kv.cassandra.connect.ts',
    "import { Client } from 'cassandra-driver'",
    0,
  ],
  [
    'another engine imports the driver of Cassandra',
    'packages/server/src/ports/kv/kv.sqlite.ts',
    "import type { types } from 'cassandra-driver'",
    1,
  ],
  [
    'a role imports the driver of Cassandra',
    'packages/server/src/roles/a.ts',
    "const { Client } = await import('cassandra-driver')",
    1,
  ],
  [
    'the connections of Redis import the driver',
    'packages/server/src/ports/redis/redis-link.ts',
    "import { createClient } from 'redis'",
    0,
  ],
  [
    'the cache on Redis imports a driver',
    'packages/server/src/ports/cache/cache.redis.ts',
    "import Redis from 'ioredis'",
    1,
  ],
  ['the web imports a part of a Redis driver', 'apps/web/src/a.ts', "import { x } from '@redis/client'", 1],
  ['the web imports the server', 'apps/web/src/a.ts', "import { x } from '@tam/server/main.ts'", 1],
  ['the web imports the SDK', 'apps/web/src/a.ts', "import { x } from '@tam/client/browser'", 0],
  ['the protocol imports the client', 'packages/protocol/src/a.ts', "export * from '@tam/client'", 1],
  ['the client imports node', 'packages/client/src/a.ts', "import { join } from 'node:path'", 1],
  ['production imports the testkit', 'packages/client/src/a.ts', "import { x } from '@tam/testkit'", 2],
  ['a test imports the testkit', 'packages/client/src/a.test.ts', "import { x } from '@tam/testkit'", 0],
  ['the core reads the clock', 'packages/server/src/log/a.ts', 'const now = Date.now()', 1],
  ['a comment names the clock', 'packages/server/src/log/a.ts', '// never Date.now() here', 0],
  ['the core reads the environment', 'packages/server/src/log/a.ts', 'const a = process.env.TAM_X', 1],
]

for (const [what, file, source, violations] of cases) {
  test(`${what}: ${violations} violation(s)`, () => {
    expect(findViolations(file, source)).toHaveLength(violations)
  })
}
