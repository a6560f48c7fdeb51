import { unreachable } from '@tam/util'
import { openRemoteKv } from '../../ports/kv/kv.remote.ts'
import { openSqliteKv } from '../../ports/kv/kv.sqlite.ts'
import type { EngineOptions, Engines } from '../engines.ts'
import { EXIT_FAILED } from '../start-errors.ts'
import { openCassandra } from './cassandra.ts'
import { SpaceWatch } from './space-watch.ts'

export type OpenedStore = Pick<Engines, 'kv' | 'clocks' | 'space'>

/** The store's machines tell how full they are. */
const ELSEWHERE = { isFull: false }

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
      const space = new SpaceWatch({ path: store.path, clock, logger })
      const onFull = (isFull: boolean) => space.note(isFull)
      return { kv: await openSqliteKv({ path: store.path, clock, onFatal, onFull }), clocks: [], space }
    }
    case 'cassandra': {
      const onNotice = (line: string) => logger.warn(line)
      const kv = await openCassandra({ ...store.cluster, clock, random, onNotice })
      return { kv, space: ELSEWHERE, clocks: [{ name: 'Cassandra', now: () => kv.now() }] }
    }
    case 'remote':
      return { kv: await openRemoteKv({ path: store.path, clock }), space: ELSEWHERE, clocks: [] }
    default:
      return unreachable(store)
  }
}
