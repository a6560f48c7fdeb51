import { PAGE_MAX } from '@tam/protocol/limits'
import type { ReadHistory } from './history.ts'
import type { Logs } from './logs.ts'
import { countUnread, covers, isUnreadable, UNREAD_CAP } from './state.ts'

/** Pages read for one count; enough for UNREAD_CAP messages among nine times as many other entries. */
const PAGES_MAX = 10

/**
 * Counts unread messages from history where the entries at hand do not reach back to the read position.
 * One count at a time per conversation; a failed one is repeated after the next change or sync.
 */
export class Recount {
  readonly #logs: Logs
  readonly #history: ReadHistory
  readonly #running = new Set<string>()

  constructor(logs: Logs, history: ReadHistory) {
    this.#logs = logs
    this.#history = history
  }

  check(conv: string): void {
    const state = this.#logs.get(conv)
    if (state?.recount !== true || state.cursor < state.summary.head || this.#running.has(conv)) {
      return
    }
    this.#running.add(conv)
    this.#count(conv)
      .catch(() => undefined)
      .finally(() => this.#running.delete(conv))
  }

  async #count(conv: string): Promise<void> {
    const { me } = this.#logs
    let [read, reached, counted] = [-1, -1, 0]
    for (let page = 0; page <= PAGES_MAX; page++) {
      const state = this.#logs.get(conv)
      if (state?.recount !== true) {
        return
      }
      if (state.summary.read !== read) {
        read = reached = state.summary.read
        counted = 0
      }
      if (page === PAGES_MAX || counted >= UNREAD_CAP || covers(state, reached)) {
        this.#logs.recounted(conv, Math.min(UNREAD_CAP, counted + countUnread(state.tail, reached, me)))
        return
      }
      const { entries } = await this.#history(conv, { after: reached }, PAGE_MAX)
      // Entries that were not applied yet are counted when they are.
      const applied = this.#logs.get(conv)?.cursor ?? 0
      const next = entries.filter((entry) => entry.seq <= applied)
      counted += next.filter((entry) => isUnreadable(entry, me)).length
      reached = next.at(-1)?.seq ?? applied
    }
  }
}
