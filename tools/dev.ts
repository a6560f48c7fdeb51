/* `npm run dev`: the server restarts and the page reloads when their sources change, over a seeded community. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bun, root } from './run.ts'
import { firstPerson, passwordOf } from './seed/people.ts'
import { seed } from './seed/seed.ts'

const DEFAULT_PORT = 8080
/** The server listens this far from the page; whoever develops opens the page only. */
const API_OFFSET = 10
const pagePort = askedPort(process.env.TAM_PORT)
const apiPort = pagePort + (pagePort + API_OFFSET > 65_535 ? -API_OFFSET : API_OFFSET)
const page = `http://localhost:${pagePort}`
const dataDirectory = process.env.TAM_DATA_DIR ?? join(root, 'data/dev')

if (!existsSync(join(dataDirectory, 'tam.db'))) {
  console.log('Filling the development community…')
  console.log(`${await seed(dataDirectory)} messages`)
}
const env = { ...process.env, TAM_PORT: String(apiPort), TAM_DATA_DIR: dataDirectory, TAM_PUBLIC_URL: page }
const start = (command: string[], cwd = root, extra: Record<string, string> = {}) =>
  Bun.spawn(command, {
    cwd,
    env: { ...env, ...extra },
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
  })
const children = [
  start([bun, '--watch', '--no-clear-screen', 'packages/server/src/main.ts', 'serve']),
  start(
    [bun, '--bun', join(root, 'node_modules/vite/bin/vite.js'), '--port', String(pagePort), '--strictPort'],
    join(root, 'apps/web'),
    {
      TAM_API: `http://127.0.0.1:${apiPort}`,
    },
  ),
]
console.log(
  `\n  ${page}   sign in as ${firstPerson} with ${passwordOf(firstPerson)}; the others are in tools/seed/people.ts\n`,
)
const stop = () => children.forEach((child) => child.kill('SIGTERM'))
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
await Promise.race(children.map((child) => child.exited))
stop()

function askedPort(asked = String(DEFAULT_PORT)): number {
  const port = Number(asked)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    console.error(`TAM_PORT is ${asked}; npm run dev needs a port from 1 to 65535 for its page.`)
    process.exit(1)
  }
  return port
}
