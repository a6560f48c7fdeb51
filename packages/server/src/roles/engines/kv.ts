import { unreachable } from '@tam/util'
import { openRemoteKv } from '../../ports/kv/kv.remote.ts'
import { openSqliteKv } from '../../ports/kv/kv.sqlite.ts'
import type { EngineOptions, Engines } from '../engines.ts'
import { EXIT_FAILED } from '../start-errors.ts'
import { openCassandra } from './cassandra.ts'

/** Between two lines about a full disk, milliseconds. */
const FULL_TOLD_MS = 60_000

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
      const space = { isFull: false }
      let toldAt = -Infinity
      const onFull = (isFull: boolean) => {
        space.isFull = isFull
        // A small commit fits now and then where a large one does not.
        if (isFull && clock.monotonic() - toldAt >= FULL_TOLD_MS) {
          toldAt = clock.monotonic()
          logger.error({ path: store.path }, 'no space left for the database: people cannot write')
        }
      }
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
