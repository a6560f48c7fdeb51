import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Random } from '@tam/util'
import type { Config } from '../config/config.ts'
import type { Logger } from '../observability/logger.ts'
import { DirectoryBlobs } from '../ports/blobs/blobs.directory.ts'
import type { Blobs } from '../ports/blobs/blobs.ts'
import { MemoryBus } from '../ports/bus/bus.memory.ts'
import type { Bus } from '../ports/bus/bus.ts'
import { MemoryCache } from '../ports/cache/cache.memory.ts'
import type { Cache } from '../ports/cache/cache.ts'
import { openSqliteKv } from '../ports/kv/kv.sqlite.ts'
import type { Kv } from '../ports/kv/kv.ts'

/** Exit code after a write whose fate is not known: the supervisor starts the program again. */
export const EXIT_STORE_FATAL = 70

export interface Engines extends AsyncDisposable {
  readonly kv: Kv
  readonly bus: Bus
  readonly cache: Cache
  readonly blobs: Blobs
}

export interface EngineOptions {
  readonly config: Pick<Config, 'dataDirectory'>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** The engines of one process that has everything: SQLite, a directory, and memory. */
export async function openEmbeddedEngines({
  config,
  clock,
  random,
  logger,
}: EngineOptions): Promise<Engines> {
  const kv = await openSqliteKv({
    path: join(config.dataDirectory, 'tam.db'),
    clock,
    onFatal(error) {
      logger.fatal({ err: error }, 'the store failed; ending')
      process.exit(EXIT_STORE_FATAL)
    },
  })
  const uploads = join(config.dataDirectory, 'uploads')
  if (!existsSync(uploads)) {
    mkdirSync(uploads, { recursive: true })
  }
  const blobs = await DirectoryBlobs.open(uploads, random)
  const bus = new MemoryBus((error, topic) => logger.error({ err: error, topic }, 'a bus handler failed'))
  const cache = new MemoryCache({ clock })
  return {
    kv,
    bus,
    cache,
    blobs,
    async [Symbol.asyncDispose]() {
      await bus.close()
      await cache.close()
      await blobs.close()
      await kv.close()
    },
  }
}
