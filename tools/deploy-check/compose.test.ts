import { describe, expect, test } from 'bun:test'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { parseConfig } from '../../packages/server/src/config/config.ts'
import { Settings } from '../../packages/server/src/config/settings.ts'
import { root, run } from '../run.ts'
import { findComposeLoader } from './find-tools.ts'

const source = readFileSync(join(root, 'deploy/compose.yaml'), 'utf8')
const guide = readFileSync(join(root, 'docs/guides/deploy.md'), 'utf8')
const haproxy = readFileSync(join(root, 'deploy/haproxy.cfg'), 'utf8')
/** As Compose fills in variables; all are unset but those that must not be. */
const filledIn = source
  .replace(/\$\{\w+:\?[^}]*\}/g, 'https://chat.example.org')
  .replace(/\$\{\w+:-([^}]*)\}/g, '$1')

interface Service {
  readonly networks?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly read_only?: boolean
  readonly depends_on?: Readonly<Record<string, unknown>>
}

test('the file is YAML, and names only settings that exist', () => {
  const { services } = Bun.YAML.parse(filledIn) as { services: Record<string, Service> }
  const environments = Object.values(services).map(({ environment = {} }) => environment)
  const names = [...new Set(environments.flatMap((environment) => Object.keys(environment)))]
  const known = Object.keys(Settings.shape)
  expect(names.filter((name) => name.startsWith('TAM_') && !known.includes(name))).toEqual([])
  expect(names.filter((name) => name.startsWith('LB_') && !haproxy.includes(`\${${name}`))).toEqual([])
})

test("the guide's first command writes what every later one needs to where Compose looks", async () => {
  const [, commands = ''] = /^## [^\n]*Compose\n\n```\n(.*?)```/ms.exec(guide) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'tam-compose-env-'))
  mkdirSync(join(folder, 'deploy'))
  const [first = ''] = commands.split('\n')
  await run(['sh', '-c', first], { cwd: folder, env: { PATH: '/usr/bin:/bin' } })
  const path = join(folder, 'deploy/.env')
  const written = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const needed = [...source.matchAll(/\$\{(\w+):?\?/g)].map(([, name]) => name)
  expect(needed).toEqual(['TAM_PUBLIC_URL'])
  expect(parseConfig(parseEnv(written) as Record<string, string>).publicUrl).toBe('https://chat.example.org')
  rmSync(folder, { recursive: true })
})

test('the balancer comes to the servers from addresses they trust, and nobody else does', () => {
  const { services, networks } = Bun.YAML.parse(filledIn) as {
    services: Record<string, Service>
    networks: Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } }>
  }
  const { inside } = networks
  for (const role of ['api', 'chat', 'presence', 'notify']) {
    const { environment, networks: own = [] } = services[role]!
    expect([role, own.filter((name) => services.balancer!.networks!.includes(name))]).toEqual([
      role,
      ['inside'],
    ])
    expect(inside?.ipam?.config).toEqual([{ subnet: environment!.TAM_TRUSTED_PROXIES! }])
  }
  expect(inside?.internal).toBe(true)
})

test('Cassandra answers only after fsync', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tam-cassandra-sh-'))
  const config = join(folder, 'cassandra.yaml')
  const entrypoint = join(folder, 'docker-entrypoint.sh')
  // The lines of the shipped file that are about this.
  writeFileSync(
    config,
    'cluster_name: x\ncommitlog_sync: periodic\ncommitlog_sync_period: 10000ms\nconcurrent_writes: 32\n# paxos_variant: v1',
  )
  writeFileSync(entrypoint, '#!/bin/sh\necho "$@"\n')
  chmodSync(entrypoint, 0o755)
  const env = { CASSANDRA_CONF: folder, PATH: `${folder}:${process.env.PATH}` }
  // Twice: a container that starts again has the file of its first start.
  for (const _ of [1, 2]) {
    const { code, output } = await run(['sh', join(root, 'deploy/cassandra.sh')], { env })
    expect([code, output]).toEqual([0, 'cassandra -f\n'])
  }
  expect(Bun.YAML.parse(readFileSync(config, 'utf8'))).toEqual({
    cluster_name: 'x',
    commitlog_sync: 'group',
    commitlog_sync_group_window: '2ms',
    concurrent_writes: 256,
    paxos_variant: 'v2',
  })
  rmSync(folder, { recursive: true })
})

// It installs programs: `npm test` sets this.
if (process.env.TAM_TEST_DEPLOY === '1') {
  describe('as Compose loads it', () => {
    const load = async (text: string) => {
      const folder = mkdtempSync(join(tmpdir(), 'tam-compose-'))
      try {
        mkdirSync(join(folder, 'deploy'))
        for (const file of ['haproxy.cfg', 'cassandra.sh']) {
          cpSync(join(root, 'deploy', file), join(folder, 'deploy', file))
        }
        writeFileSync(join(folder, 'deploy/compose.yaml'), text)
        const loader = await findComposeLoader()
        return await run([loader, '-format', 'json', 'compose.yaml'], { cwd: join(folder, 'deploy') })
      } finally {
        rmSync(folder, { recursive: true })
      }
    }

    test('it follows the specification', async () => {
      const { code, output } = await load(filledIn)
      expect([code, code === 0 ? '' : output]).toEqual([0, ''])
      const { services } = JSON.parse(output) as { services: Record<string, Service> }
      for (const role of ['api', 'chat', 'presence', 'notify']) {
        const { environment, read_only, depends_on } = services[role]!
        const settings = Object.entries(environment ?? {}).filter(([name]) => name.startsWith('TAM_'))
        expect(String(parseConfig(Object.fromEntries(settings)).roles)).toBe(role)
        expect(read_only).toBe(true)
        expect(Object.keys(depends_on ?? {})).toEqual(['migrate', 'redis'])
      }
    }, 300_000)

    test('a mistake would be seen', async () => {
      const { code, output } = await load(filledIn.replace('restart: on-failure', 'restrat: on-failure'))
      expect(code).not.toBe(0)
      expect(output).toContain('restrat')
    })
  })
}
