import { PAGE_MAX } from '@tam/protocol/limits'
import type { Clock } from '@tam/util'
import type { ReadHistory } from './history.ts'
import { LogTasks } from './log-tasks.ts'
import type { Logs } from './logs.ts'
import { countUnread, covers, isUnreadable, UNREAD_CAP } from './state.ts'

/** Entries read for one count: enough for UNREAD_CAP messages among nineteen times as many other entries. */
const ENTRIES_MAX = 2_000

/** Counts unread messages from history where the entries at hand do not reach back to the read position. */
export class Recount {
  readonly #logs: Logs
  readonly #history: ReadHistory
  readonly #tasks: LogTasks

  constructor({ logs, history, clock }: { logs: Logs; history: ReadHistory; clock: Clock }) {
    this.#logs = logs
    this.#history = history
    this.#tasks = new LogTasks({ clock, due: (conv) => this.#isDue(conv), run: (conv) => this.#count(conv) })
  }

  check(conv: string): void {
    this.#tasks.check(conv)
  }

  /** The connection is gone; the next sync brings counts of its own. */
  reset(): void {
    this.#tasks.reset()
  }

  /** Not while entries are still coming: they may reach back far enough. */
  #isDue(conv: string): boolean {
    const state = this.#logs.get(conv)
    return state?.recount === true && state.cursor >= state.summary.head
  }

  async #count(conv: string): Promise<void> {
    const { me } = this.#logs
    let [read, reached, counted, seen] = [-1, -1, 0, 0]
    for (;;) {
      const state = this.#logs.get(conv)
      if (state?.recount !== true) {
        return
      }
      if (state.summary.read !== read) {
        read = reached = state.summary.read
        counted = 0
      }
      if (seen >= ENTRIES_MAX || counted >= UNREAD_CAP || covers(state, reached)) {
        this.#logs.recounted(conv, Math.min(UNREAD_CAP, counted + countUnread(state.tail, reached, me)))
        return
      }
      const { entries } = await this.#history(conv, { after: reached }, PAGE_MAX)
      // Entries that were not applied yet are counted when they are.
      const applied = this.#logs.get(conv)?.cursor ?? 0
      const next = entries.filter((entry) => entry.seq <= applied)
      seen += entries.length + 1
      counted += next.filter((entry) => isUnreadable(entry, me)).length
      reached = next.at(-1)?.seq ?? applied
    }
  }
}
