import type { MessageEntry } from '@tam/protocol'
import { RecentMap } from '../log/recent-map.ts'
import { blockStart, type EntryCache } from './entry-cache.ts'
import { isMessage } from './entry-head.ts'

/** Conversations whose last message is remembered. */
const REMEMBERED_MAX = 20_000
/** Entries looked through backwards; a conversation of so many changes since its last message shows none. */
export const LAST_MESSAGE_SCAN_MAX = 1_024

interface Found {
  readonly head: number
  readonly message: MessageEntry | null
}

/** The newest message of a conversation, for lists. */
export class LastMessages {
  readonly #entries: EntryCache
  readonly #found = new RecentMap<Found>(REMEMBERED_MAX)

  constructor(entries: EntryCache) {
    this.#entries = entries
  }

  /** What memory has for `head`, else undefined: then ask `find`. */
  known(conv: string, head: number): MessageEntry | null | undefined {
    const found = this.#found.get(conv)
    return found !== undefined && found.head >= head ? found.message : undefined
  }

  /** Null when there is none among the last 1,024 entries up to `head`. */
  async find(conv: string, head: number): Promise<MessageEntry | null> {
    const settled = this.known(conv, head)
    if (settled !== undefined) {
      return settled
    }
    const known = this.#found.get(conv)
    const floor = Math.max(known?.head ?? 0, head - LAST_MESSAGE_SCAN_MAX)
    const message = (await this.#scan(conv, floor, head)) ?? known?.message ?? null
    this.#found.set(conv, { head, message })
    return message
  }

  async #scan(conv: string, floor: number, head: number): Promise<MessageEntry | undefined> {
    for (let to = head; to > floor; to = blockStart(to) - 1) {
      const entries = await this.#entries.read(conv, Math.max(floor + 1, blockStart(to)), to)
      const last = entries.findLast(isMessage)
      if (last !== undefined) {
        return JSON.parse(last) as MessageEntry
      }
    }
    return undefined
  }
}
