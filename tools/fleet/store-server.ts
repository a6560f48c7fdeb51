/*
 * The process that owns the SQLite file of a fleet and serves it to the others over a Unix socket:
 * `bun tools/fleet/store-server.ts <database> <socket>`. Prints one line when it serves.
 */
import { openSqliteKv } from '@tam/server/ports/kv/kv.sqlite.ts'
import { serveKv } from '@tam/server/ports/kv/kv.remote.server.ts'
import { systemClock } from '@tam/util'

const [database, socket] = process.argv.slice(2)
if (database === undefined || socket === undefined) {
  console.error('usage: store-server.ts <database> <socket>')
  process.exit(2)
}
try {
  const kv = await openSqliteKv({
    path: database,
    clock: systemClock,
    onFatal(error) {
      console.error(error.message)
      process.exit(1)
    },
  })
  const server = await serveKv({ kv, path: socket })
  console.log('serving')
  process.once('SIGTERM', () => {
    void server[Symbol.asyncDispose]()
      .then(() => kv.close())
      .then(() => process.exit(0))
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
