/*
 * `npm run fleet`: the whole system on this machine, for development and tests. Everything runs under a process that
 * is out of the terminal's reach: Ctrl-C would otherwise hit all parts at once, and the store before the servers have
 * finished. This process passes the signal on.
 */
import { resolve } from 'node:path'
import { ensureWebBuild } from '../web-build.ts'
import { Fleet } from './fleet.ts'
import { USAGE, parseOptions } from './options.ts'

const INNER = '--inner'
/** As a shell tells of a program that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130
/** Of the log of a server that ended. */
const OBITUARY_LINES = 5

async function outer(args: readonly string[]): Promise<number> {
  const guard = Bun.which('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'TERM']
  const child = Bun.spawn([...guard, process.execPath, import.meta.path, INNER, ...args], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill('SIGTERM'))
  }
  return child.exited
}

async function inner(args: readonly string[]): Promise<number> {
  // Every one of them is taken: npm passes Ctrl-C on beside the terminal, and a second signal is fatal by default.
  const asked = new Promise<undefined>((settle) => process.on('SIGTERM', () => settle(undefined)))
  try {
    const fleet = await Promise.race([start(args), asked])
    if (fleet === undefined) {
      // Half a fleet has nobody's words yet: its processes end with this one.
      return EXIT_INTERRUPTED
    }
    console.log(`\n  ${fleet.url.replace('127.0.0.1', 'localhost')}   Stop: Ctrl+C\n`)
    let isStopping = false
    for (const { name, process: child } of fleet.servers) {
      void child.ended().then((how) => isStopping || console.error(obituary(name, how, child.log)))
    }
    await asked
    isStopping = true
    console.log('Stopping…')
    await fleet[Symbol.asyncDispose]()
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  }
}

/** Nothing is started again here: whoever kills a server wants to see what the others do. */
function obituary(name: string, how: number | string, log: string): string {
  const last = log.trim().split('\n').slice(-OBITUARY_LINES)
  return [`  ${name} ended (${how}); the others go on. Its last words:`, ...last].join('\n    ')
}

async function start(args: readonly string[]): Promise<Fleet> {
  const say = (line: string) => console.log(`  ${line}`)
  const options = parseOptions(args)
  await ensureWebBuild(say)
  console.log('Starting the fleet…')
  return Fleet.start({ ...options, directory: resolve(options.directory), say })
}

const [first, ...rest] = process.argv.slice(2)
if (first === '--help') {
  console.log(USAGE)
  process.exit(0)
}
process.exit(await (first === INNER ? inner(rest) : outer(process.argv.slice(2))))
