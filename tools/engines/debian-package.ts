import { existsSync, readFileSync } from 'node:fs'
import { run } from '../run.ts'

// RUNLEVEL keeps a package from starting a server of its own.
const INSTALL_ENV = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
/** Where Debian keeps servers; not on everybody's PATH. */
const ADMIN_FOLDERS = '/usr/sbin:/sbin'

/**
 * Path of a program of a Debian package; as root on Debian the package is installed.
 * @throws an error that says in one line what to install
 */
export async function debianProgram(program: string, packageName = program): Promise<string> {
  const path = which(program) ?? (await install(program, packageName))
  if (path === null) {
    throw new Error(`${program} was not found: install it (Debian: apt-get install ${packageName})`)
  }
  return path
}

function which(program: string): string | null {
  return Bun.which(program, { PATH: `${process.env.PATH ?? ''}:${ADMIN_FOLDERS}` })
}

async function install(program: string, packageName: string): Promise<string | null> {
  if (process.getuid?.() !== 0 || !isDebian()) {
    return null
  }
  const lock = ['-o', 'DPkg::Lock::Timeout=120']
  const command = ['apt-get', ...lock, 'install', '-y', '--no-install-recommends', packageName]
  const first = await run(command, { env: INSTALL_ENV })
  if (first.code !== 0) {
    await run(['apt-get', 'update'])
    await run(command, { env: INSTALL_ENV })
  }
  return which(program)
}

function isDebian(): boolean {
  const release = '/etc/os-release'
  return existsSync(release) && /^ID(_LIKE)?=.*debian/m.test(readFileSync(release, 'utf8'))
}
