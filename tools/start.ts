/* `npm start`: builds the web client when needed, then serves everything in this process. */
import { serveCommand } from '../packages/server/src/serve.ts'
import { ensureWebBuild } from './web-build.ts'

const [unknown] = process.argv.slice(2)
if (unknown !== undefined) {
  console.error(
    `npm start takes no arguments, and was given ${unknown}. Settings are environment variables, as in: TAM_PORT=8081 npm start`,
  )
  process.exit(1)
}
await ensureWebBuild(console.log)
await serveCommand()
