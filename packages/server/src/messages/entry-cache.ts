import type { Log } from '../log/log.ts'

/** Entries in one block: what is read and remembered together. */
export const BLOCK = 64
/** Bytes of entries remembered, counting two per UTF-16 unit. Beyond: the blocks used longest ago go. */
export const ENTRY_CACHE_BYTES = 64 * 1024 * 1024

interface Block {
  /** The first entries of the block, dense; complete or not, they never change. */
  entries: string[]
  bytes: number
}

/**
 * Encoded entries of logs, read in aligned blocks. Any number of readers of one page cost one read of the log, and
 * the newest block grows by what was missing.
 */
export class EntryCache {
  readonly #log: Pick<Log, 'read'>
  readonly #maxBytes: number
  // In the order of use, the latest last.
  readonly #blocks = new Map<string, Block>()
  readonly #reading = new Map<string, Promise<Block>>()
  #bytes = 0

  constructor(log: Pick<Log, 'read'>, maxBytes: number = ENTRY_CACHE_BYTES) {
    this.#log = log
    this.#maxBytes = maxBytes
  }

  /** Entries from..to, both inclusive and both in 1..head. */
  async read(log: string, from: number, to: number): Promise<string[]> {
    const blocks: Promise<string[]>[] = []
    for (let index = blockOf(from); index <= blockOf(to); index++) {
      const start = index * BLOCK + 1
      blocks.push(this.#part(log, index, Math.max(from, start), Math.min(to, start + BLOCK - 1)))
    }
    const parts = await Promise.all(blocks)
    return parts.length === 1 ? (parts[0] ?? []) : parts.flat()
  }

  async #part(log: string, index: number, from: number, to: number): Promise<string[]> {
    const start = index * BLOCK + 1
    const key = `${log}/${index}`
    let block = this.#blocks.get(key)
    while (block === undefined || block.entries.length < to - start + 1) {
      const before: number = block?.entries.length ?? 0
      block = await (this.#reading.get(key) ?? this.#extend(log, key, start))
      if (block.entries.length === before) {
        break
      }
    }
    this.#touch(key, block)
    return block.entries.slice(from - start, to - start + 1)
  }

  #extend(log: string, key: string, start: number): Promise<Block> {
    const reading = this.#read(log, key, start).finally(() => this.#reading.delete(key))
    this.#reading.set(key, reading)
    return reading
  }

  async #read(log: string, key: string, start: number): Promise<Block> {
    const known = this.#blocks.get(key)?.entries ?? []
    const missing = await this.#log.read(log, start + known.length, start + BLOCK - 1)
    const entries = known.concat(missing)
    const bytes = entries.reduce((sum, entry) => sum + entry.length * 2, 0)
    const block = { entries, bytes }
    this.#bytes += bytes - (this.#blocks.get(key)?.bytes ?? 0)
    this.#blocks.set(key, block)
    this.#evict()
    return block
  }

  #touch(key: string, block: Block): void {
    if (this.#blocks.get(key) === block) {
      this.#blocks.delete(key)
      this.#blocks.set(key, block)
    }
  }

  #evict(): void {
    for (const [key, block] of this.#blocks) {
      if (this.#bytes <= this.#maxBytes) {
        return
      }
      this.#blocks.delete(key)
      this.#bytes -= block.bytes
    }
  }
}

/** The first seq of the block that holds `seq`: whoever reads from there on reads one block less. */
export function blockStart(seq: number): number {
  return blockOf(seq) * BLOCK + 1
}

function blockOf(seq: number): number {
  return Math.floor((seq - 1) / BLOCK)
}
