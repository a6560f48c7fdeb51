/* Moves committed pages from the WAL into the database on its own thread, while the writer goes on. */
import { Database } from 'bun:sqlite'
import { unreachable } from '@tam/util'
import { sqliteCode } from './kv.sqlite.errors.ts'
import type { FromCheckpointer, ToCheckpointer } from './kv.sqlite.messages.ts'
import { DURABLE_PRAGMAS } from './kv.sqlite.schema.ts'
import { serveThread } from './kv.sqlite.thread.ts'

let database: Database | undefined

function handle(message: ToCheckpointer): FromCheckpointer | undefined {
  switch (message.kind) {
    case 'open':
      database = new Database(message.path, { readwrite: true })
      database.run(DURABLE_PRAGMAS)
      return undefined
    case 'checkpoint':
      return checkpoint(database)
    case 'close':
      database?.close()
      return { kind: 'closed' }
    default:
      return unreachable(message)
  }
}

function checkpoint(open: Database | undefined): FromCheckpointer {
  try {
    const [row] = open?.query('PRAGMA wal_checkpoint(PASSIVE)').values() ?? []
    return { kind: 'checkpointed', frames: Number(row?.[1] ?? 0), done: Number(row?.[2] ?? 0) }
  } catch (error) {
    // No space to grow the database: what is in the WAL stays there and stays valid.
    if (/^SQLITE_(FULL|BUSY|LOCKED)/.test(sqliteCode(error))) {
      return { kind: 'checkpointed', frames: 0, done: 0 }
    }
    throw error
  }
}

serveThread(handle)
