import type { Engines } from '@tam/server/roles/engines.ts'
import { type Change, type CommitResult, type Kv, prefixEnd } from '@tam/server/ports/kv/kv.ts'
import { MemoryKv } from '@tam/server/ports/kv/kv.memory.ts'
import { systemClock } from '@tam/util'
import { withKv } from './kv-faults.ts'

/** Milliseconds for which the cache holds what it was given. */
const HELD_MS = 60
const ROWS_MAX = 1_000_000

/** A disk that says "written" when it has it in its cache: all is well until the power is cut. */
export function cacheWrites(engines: Engines): Engines {
  return withLogs(engines, new WriteCache(engines.kv, 'cached'))
}

/** The same disk, told to write before it answers; harmless. */
export function syncWrites(engines: Engines): Engines {
  return withLogs(engines, new WriteCache(engines.kv, 'written'))
}

function withLogs(engines: Engines, cache: WriteCache): Engines {
  const { kv } = engines
  const holderOf = (partition: string): Pick<Kv, 'get' | 'scan' | 'commit'> =>
    partition.startsWith('log/') ? cache : kv
  return withKv(engines, {
    get: (partition, key) => holderOf(partition).get(partition, key),
    getMany: (refs) => Promise.all(refs.map(({ partition, key }) => holderOf(partition).get(partition, key))),
    scan: (partition, range) => holderOf(partition).scan(partition, range),
    commit: (partition, change) => holderOf(partition).commit(partition, change),
  })
}

/**
 * The logs as the page cache of an operating system holds them: whoever asks sees every write at once, the disk gets
 * them a moment later, in their order. `kill -9` of the process that holds it is the power cut. With `written` nobody
 * is answered, nor sees anything, before the disk has it.
 */
class WriteCache {
  readonly #disk: Kv
  readonly #answerWhen: 'cached' | 'written'
  readonly #cached = new MemoryKv(systemClock)
  readonly #loaded = new Map<string, Promise<void>>()
  /** The newest write of each partition. */
  readonly #written = new Map<string, Promise<void>>()

  constructor(disk: Kv, answerWhen: 'cached' | 'written') {
    this.#disk = disk
    this.#answerWhen = answerWhen
  }

  async get(partition: string, key: string): ReturnType<Kv['get']> {
    await this.#readable(partition)
    return this.#cached.get(partition, key)
  }

  async scan(...[partition, range]: Parameters<Kv['scan']>): ReturnType<Kv['scan']> {
    await this.#readable(partition)
    return this.#cached.scan(partition, range)
  }

  async commit(partition: string, change: Change): Promise<CommitResult> {
    await this.#readable(partition)
    const result = this.#cached.apply(partition, change)
    if (result.committed) {
      const written = this.#write(partition, change)
      this.#written.set(partition, written)
      await (this.#answerWhen === 'written' ? written : undefined)
    }
    return result
  }

  async #write(partition: string, { put = [], delete: gone = [] }: Change): Promise<void> {
    const before = this.#written.get(partition)
    await Promise.all([before, this.#answerWhen === 'cached' ? Bun.sleep(HELD_MS) : undefined])
    await this.#disk.commit(partition, { put, delete: gone })
  }

  async #readable(partition: string): Promise<void> {
    await this.#load(partition)
    if (this.#answerWhen === 'written') {
      for (let last; last !== this.#written.get(partition);) {
        last = this.#written.get(partition)
        await last
      }
    }
  }

  #load(partition: string): Promise<void> {
    let loaded = this.#loaded.get(partition)
    if (loaded === undefined) {
      loaded = this.#read(partition)
      this.#loaded.set(partition, loaded)
    }
    return loaded
  }

  async #read(partition: string): Promise<void> {
    const rows = await this.#disk.scan(partition, { from: '', to: prefixEnd(''), limit: ROWS_MAX })
    this.#cached.apply(partition, { put: rows })
  }
}
