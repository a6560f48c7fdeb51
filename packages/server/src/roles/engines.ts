import type { Clock, Random } from '@tam/util'
import type { Config } from '../config/config.ts'
import type { Logger } from '../observability/logger.ts'
import type { Blobs } from '../ports/blobs/blobs.ts'
import type { Bus } from '../ports/bus/bus.ts'
import type { Cache } from '../ports/cache/cache.ts'
import type { Kv } from '../ports/kv/kv.ts'
import type { SharedClock } from './clock-watch.ts'
import { openBlobs } from './engines/blobs.ts'
import { openHints } from './engines/hints.ts'
import { openStore } from './engines/kv.ts'

export interface Engines extends AsyncDisposable {
  readonly kv: Kv
  /** Of the disk of an embedded store. */
  readonly space: { readonly isFull: boolean }
  readonly bus: Bus
  /** Shared with the other servers; rejects with CacheUnavailable while it cannot be asked. */
  readonly cache: Cache
  /** The same, or this process's own while that cannot be asked: for whom a forgotten value is harmless. */
  readonly fallbackCache: Cache
  readonly blobs: Blobs
  /** Clocks that all servers of a fleet can be compared with. */
  readonly clocks: readonly SharedClock[]
}

export interface EngineOptions {
  readonly config: Pick<Config, 'store' | 'redis' | 'blobs'>
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/**
 * The engines that the settings name: embedded ones, those of a fleet, or a mixture.
 * @throws {SqliteOpenError | StartError | RemoteKvOpenError}
 */
export async function openEngines(options: EngineOptions): Promise<Engines> {
  await using opening = new AsyncDisposableStack()
  const { kv, space, clocks } = opening.adopt(await openStore(options), (opened) => opened.kv.close())
  const blobs = opening.adopt(await openBlobs(options), (opened) => opened.close())
  const hints = opening.use(await openHints(options))
  const opened = opening.move()
  const all = { ...hints, kv, space, blobs, clocks: [...clocks, ...hints.clocks] }
  return { ...all, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}
