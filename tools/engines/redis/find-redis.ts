import { existsSync, readFileSync } from 'node:fs'
import { run } from '../../run.ts'

const INSTALL = ['apt-get', 'install', '-y', '--no-install-recommends', 'redis-server']
// RUNLEVEL keeps the package from starting a server of its own.
const INSTALL_ENV = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }

/** Where redis-server is, or one line that says what to install. */
export type FoundRedis = { readonly binary: string } | { readonly missing: string }

/** Finds redis-server; as root on Debian it installs the package. */
export async function findRedis(): Promise<FoundRedis> {
  const binary = Bun.which('redis-server') ?? (await installRedis())
  return binary === null
    ? { missing: 'redis-server was not found: install it (Debian: apt-get install redis-server)' }
    : { binary }
}

async function installRedis(): Promise<string | null> {
  if (process.getuid?.() !== 0 || !isDebian()) {
    return null
  }
  const first = await run(INSTALL, { env: INSTALL_ENV })
  if (first.code !== 0) {
    await run(['apt-get', 'update'])
    await run(INSTALL, { env: INSTALL_ENV })
  }
  return Bun.which('redis-server')
}

function isDebian(): boolean {
  const release = '/etc/os-release'
  return existsSync(release) && /^ID(_LIKE)?=.*debian/m.test(readFileSync(release, 'utf8'))
}
