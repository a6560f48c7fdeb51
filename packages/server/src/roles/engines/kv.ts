import { unreachable } from '@tam/util'
import { openRemoteKv } from '../../ports/kv/kv.remote.ts'
import { openSqliteKv } from '../../ports/kv/kv.sqlite.ts'
import type { EngineOptions, Engines } from '../engines.ts'
import { EXIT_FAILED } from '../start-errors.ts'
import { openCassandra } from './cassandra.ts'

export type OpenedStore = Pick<Engines, 'kv' | 'clocks'>

/** @throws {SqliteOpenError | StartError | RemoteKvOpenError} */
export async function openStore({
  config: { store },
  clock,
  random,
  logger,
}: EngineOptions): Promise<OpenedStore> {
  switch (store.kind) {
    case 'sqlite': {
      const onFatal = (error: Error) => {
        logger.fatal({ err: error }, 'the store failed; ending')
        process.exit(EXIT_FAILED)
      }
      return { kv: await openSqliteKv({ path: store.path, clock, onFatal }), clocks: [] }
    }
    case 'cassandra': {
      const onNotice = (line: string) => logger.warn(line)
      const kv = await openCassandra({ ...store.cluster, clock, random, onNotice })
      return { kv, clocks: [{ name: 'Cassandra', now: () => kv.now() }] }
    }
    case 'remote':
      return { kv: await openRemoteKv({ path: store.path, clock }), clocks: [] }
    default:
      return unreachable(store)
  }
}
