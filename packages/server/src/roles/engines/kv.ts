import { unreachable } from '@tam/util'
import { openRemoteKv } from '../../ports/kv/kv.remote.ts'
import { openSqliteKv } from '../../ports/kv/kv.sqlite.ts'
import type { Kv } from '../../ports/kv/kv.ts'
import type { EngineOptions } from '../engines.ts'
import { EXIT_FAILED } from '../start-errors.ts'
import { openCassandra } from './cassandra.ts'

/** @throws {SqliteOpenError | StartError | RemoteKvOpenError} */
export function openKv({ config: { store }, clock, random, logger }: EngineOptions): Promise<Kv> {
  switch (store.kind) {
    case 'sqlite':
      return openSqliteKv({
        path: store.path,
        clock,
        onFatal(error) {
          logger.fatal({ err: error }, 'the store failed; ending')
          process.exit(EXIT_FAILED)
        },
      })
    case 'cassandra':
      return openCassandra({
        ...store.cluster,
        clock,
        random,
        onNotice: (line) => logger.warn(line),
      })
    case 'remote':
      return openRemoteKv({ path: store.path, clock })
    default:
      return unreachable(store)
  }
}
