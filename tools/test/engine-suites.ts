import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepareCassandra } from '../engines/cassandra/install.ts'
import { debianProgram } from '../engines/debian-package.ts'
import { findRedis } from '../engines/redis/find-redis.ts'
import { startS3 } from '../engines/s3/server.ts'
import { findComposeLoader, findHelm, findKubernetesValidate } from '../deploy-check/find-tools.ts'
import { root } from '../run.ts'
import { prepareBrowser } from './browser.ts'
import { type Tally, bunTest } from './suites.ts'

/** Tests that start programs of others. They run one suite after the other: some need gigabytes. */
export interface EngineSuite {
  readonly name: string
  /** Environment variable without which the tests do not run, or do so against something else. */
  readonly variable: string
  /** Its value, when that is not 1. */
  readonly value?: string
  /** What `bun test` selects. */
  readonly paths: readonly string[]
  /** Installs what the tests need. @throws an error that says in one line what is missing */
  readonly prepare: () => Promise<void>
  /** Tests that leave themselves out here, one line each. */
  readonly gaps?: () => readonly string[]
}

export const engineSuites: readonly EngineSuite[] = [
  { name: 'redis', variable: 'TAM_TEST_REDIS', paths: ['.redis.test.ts'], prepare: needRedis },
  {
    name: 'load balancers',
    variable: 'TAM_TEST_BALANCERS',
    paths: ['tools/engines/balancers', 'tools/engines/haproxy'],
    prepare: () => needPrograms('haproxy', 'nginx', 'caddy'),
  },
  {
    name: 'deployment files',
    variable: 'TAM_TEST_DEPLOY',
    paths: ['tools/deploy-check'],
    prepare: async () => {
      await findHelm()
      await findComposeLoader()
      await findKubernetesValidate()
    },
    gaps: deployGaps,
  },
  {
    name: 'bucket',
    variable: 'TAM_TEST_S3',
    paths: ['.s3.test.ts'],
    prepare: async () => {
      await using _ = await startS3()
    },
  },
  {
    name: 'fleet',
    variable: 'TAM_TEST_FLEET',
    paths: ['tools/fleet'],
    prepare: async () => {
      await needRedis()
      await needPrograms('haproxy')
    },
  },
  {
    name: 'browser on a fleet',
    variable: 'TAM_TEST_E2E',
    value: 'sqlite',
    paths: browserTestsOfServers(),
    prepare: async () => {
      await needBrowser()
      await needRedis()
      await needPrograms('haproxy')
    },
  },
  {
    name: 'cassandra',
    variable: 'TAM_TEST_CASSANDRA',
    paths: ['.cassandra.test.ts'],
    prepare: async () => {
      await needRedis()
      await needCassandra()
    },
  },
]

/** Test files that are left to these suites. */
export const NEEDS_ENGINE: readonly string[] = [
  '**/*.redis.test.ts',
  '**/*.cassandra.test.ts',
  '**/*.s3.test.ts',
  'tools/engines/**',
  'tools/deploy-check/**',
]

/** Runs the suite, or says in one line what it lacks. */
export async function runEngineSuite(suite: EngineSuite): Promise<Tally> {
  const { variable, value = '1', paths, prepare, gaps } = suite
  try {
    await prepare()
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
    return { passed: 0, failed: 0, leftOut: [line] }
  }
  const tally = await bunTest(paths, { env: { [variable]: value } })
  return { ...tally, leftOut: [...tally.leftOut, ...(gaps?.() ?? [])] }
}

/**
 * The browser tests that cannot tell what they are connected to. The others have no server: they open the lab, a page
 * whose server is part of it (composer, drafts, timeline, texts, preferences), look at a build (pseudo, storage), or
 * test `npm start` itself.
 */
function browserTestsOfServers(): string[] {
  const tests = new Bun.Glob('apps/web/e2e/*.e2e.test.ts').scanSync(root)
  return [...tests]
    .filter((path) => readFileSync(join(root, path), 'utf8').includes('RealServer.start('))
    .sort()
}

async function needBrowser(): Promise<void> {
  const missing = await prepareBrowser()
  if (missing !== undefined) {
    throw new Error(missing)
  }
}

async function needRedis(): Promise<void> {
  const found = await findRedis()
  if ('missing' in found) {
    throw new Error(found.missing)
  }
}

async function needPrograms(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await debianProgram(name)
  }
}

async function needCassandra(): Promise<void> {
  const missing = await prepareCassandra()
  if (missing !== undefined) {
    throw new Error(missing)
  }
}

function deployGaps(): string[] {
  const gaps: string[] = []
  if (process.getuid?.() !== 0) {
    gaps.push('the image (tools/deploy-check/docker.test.ts) needs root')
  }
  if (Bun.which('systemd-analyze') === null) {
    gaps.push('the systemd unit needs systemd-analyze (Debian: apt-get install systemd)')
  }
  return gaps
}
