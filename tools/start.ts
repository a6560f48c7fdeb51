/* `npm start`: builds the web client when needed, then serves everything in this process. */
import { serveCommand } from '../packages/server/src/serve.ts'
import { ensureWebBuild } from './web-build.ts'

await ensureWebBuild(console.log)
await serveCommand()
