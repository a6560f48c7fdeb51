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
