import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from '../../run.ts'

const POM = join(import.meta.dir, 'pom.xml')
const CACHE = join(root, '.cache/engines/cassandra')
/** Cassandra 5.0 runs on Java 11 and 17; only 17 has been tried. */
const JAVA_VERSION = '17'
const PACKAGES = ['openjdk-17-jre-headless', 'maven']

export type Availability =
  | { readonly available: true }
  | {
      readonly available: false
      /** One line: what is missing and how to get it. */ readonly reason: string
    }

/** Whether a Cassandra can be started here. Downloads nothing. */
export async function cassandraAvailable(): Promise<Availability> {
  const missing = await missingPrograms()
  if (missing.length === 0) {
    return { available: true }
  }
  const reason = `Cassandra needs ${missing.join(' and ')}: apt-get install ${PACKAGES.join(' ')}`
  return { available: false, reason }
}

/**
 * Makes Cassandra available: installs Debian's Java and Maven where that is allowed (root on Debian), then the jars.
 * Returns what is still missing, or undefined.
 */
export async function prepareCassandra(): Promise<string | undefined> {
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (canInstall && !(await cassandraAvailable()).available) {
    console.log(`installing ${PACKAGES.join(' and ')}`)
    const env = { DEBIAN_FRONTEND: 'noninteractive' }
    await run(['apt-get', 'update'], { env })
    await run(['apt-get', 'install', '-y', '--no-install-recommends', ...PACKAGES], { env })
  }
  const availability = await cassandraAvailable()
  if (!availability.available) {
    return availability.reason
  }
  try {
    await installCassandra()
    return undefined
  } catch (error) {
    return `Cassandra could not be installed from Maven Central: ${String(error)}`
  }
}

/** The folder of Cassandra's jars, filled from Maven Central by the first call (66 MB). */
export async function installCassandra(): Promise<string> {
  // A changed pom.xml is another installation.
  const directory = join(CACHE, `lib-${Bun.hash(readFileSync(POM)).toString(36)}`)
  if (existsSync(directory)) {
    return directory
  }
  mkdirSync(CACHE, { recursive: true })
  const fresh = mkdtempSync(join(CACHE, 'incomplete-'))
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${fresh}`]
  const outcome = await run(['mvn', '-q', '-B', '-f', POM, ...goal])
  if (outcome.code !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    throw new Error(`mvn failed: ${outcome.output.slice(-2_000)}`)
  }
  // Renamed last, so that a folder of this name is always whole; a concurrent installation may have come first.
  if (existsSync(directory)) {
    rmSync(fresh, { recursive: true, force: true })
  } else {
    renameSync(fresh, directory)
  }
  return directory
}

/** The interpreter to start nodes with. */
export function javaProgram(): string {
  const home = process.env.JAVA_HOME
  const own = home === undefined ? undefined : join(home, 'bin/java')
  return own !== undefined && existsSync(own) ? own : 'java'
}

async function missingPrograms(): Promise<string[]> {
  const missing: string[] = []
  if (!(await hasJava())) {
    missing.push(`Java ${JAVA_VERSION}`)
  }
  if (Bun.which('mvn') === null) {
    missing.push('Maven')
  }
  return missing
}

async function hasJava(): Promise<boolean> {
  try {
    const { output } = await run([javaProgram(), '-version'])
    return new RegExp(`version "${JAVA_VERSION}\\b`).test(output)
  } catch {
    return false
  }
}
