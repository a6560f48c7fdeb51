/* `npm run dev`: the server restarts and the page reloads when their sources change, over a seeded community. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bun, root } from './run.ts'
import { firstPerson, passwordOf } from './seed/people.ts'
import { seed } from './seed/seed.ts'

const API_PORT = 8090
const PAGE_PORT = 8080
const page = `http://localhost:${PAGE_PORT}`
const dataDirectory = process.env.TAM_DATA_DIR ?? join(root, 'data/dev')

if (!existsSync(join(dataDirectory, 'tam.db'))) {
  console.log('Filling the development community…')
  console.log(`${await seed(dataDirectory)} messages`)
}
const env = { ...process.env, TAM_PORT: String(API_PORT), TAM_DATA_DIR: dataDirectory, TAM_PUBLIC_URL: page }
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
    [bun, '--bun', join(root, 'node_modules/vite/bin/vite.js'), '--port', String(PAGE_PORT), '--strictPort'],
    join(root, 'apps/web'),
    {
      TAM_API: `http://127.0.0.1:${API_PORT}`,
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
