/* The thread of the writer: fsync stalls here, not where the sockets are. */
import { unreachable } from '@tam/util'
import type { FromWriter, ToWriter } from './kv.sqlite.messages.ts'
import { serveThread } from './kv.sqlite.thread.ts'
import { SqliteTransactions } from './kv.sqlite.transaction.ts'

let transactions: SqliteTransactions | undefined

function handle(message: ToWriter): FromWriter | undefined {
  switch (message.kind) {
    case 'open':
      transactions = new SqliteTransactions(message.path, message.faults)
      return undefined
    case 'commit':
      return transactions?.commit(message, message.now)
    case 'sweep':
      transactions?.sweep(message.now)
      return undefined
    case 'close':
      transactions?.close()
      return { kind: 'closed' }
    default:
      return unreachable(message)
  }
}

serveThread(handle)
