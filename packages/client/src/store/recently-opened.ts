/** Conversations whose window and long tail stay in memory. */
export const RECENT_MAX = 20
/** How many of the newest entries are kept at hand and in the cache. */
export interface TailLengths {
  /** Of a conversation opened lately. */
  readonly recent: number
  readonly other: number
}

export const TAIL_LENGTHS: TailLengths = { recent: 200, other: 50 }

/** Which conversations were opened last, newest first. */
export class RecentlyOpened {
  readonly #onEvict: (conv: string) => void
  readonly #isOpen: (conv: string) => boolean
  readonly #tails: TailLengths
  #list: readonly string[] = []

  constructor(options: {
    tails: TailLengths
    onEvict: (conv: string) => void
    isOpen: (conv: string) => boolean
  }) {
    this.#tails = options.tails
    this.#onEvict = options.onEvict
    this.#isOpen = options.isOpen
  }

  get list(): readonly string[] {
    return this.#list
  }

  has(conv: string): boolean {
    return this.#list.includes(conv)
  }

  load(list: readonly string[]): void {
    this.#list = list.slice(0, RECENT_MAX)
  }

  touch(conv: string): void {
    const list = [conv, ...this.#list.filter((other) => other !== conv)]
    // Those on screen stay, however many.
    const evicted = list.slice(RECENT_MAX).filter((other) => !this.#isOpen(other))
    this.#list = list.filter((other) => !evicted.includes(other))
    for (const other of evicted) {
      this.#onEvict(other)
    }
  }

  /** How many of the newest entries of `conv` to keep. */
  tailOf(conv: string): number {
    return this.has(conv) ? this.#tails.recent : this.#tails.other
  }
}
