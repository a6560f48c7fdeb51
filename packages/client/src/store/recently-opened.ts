/** Conversations whose window and long tail stay in memory. */
export const RECENT_MAX = 20
/** Newest entries kept at hand and in the cache: of a conversation opened lately, and of any other. */
export const TAIL_RECENT = 200
export const TAIL_OTHER = 50

/** Which conversations were opened last, newest first. */
export class RecentlyOpened {
  readonly #onEvict: (conv: string) => void
  readonly #isOpen: (conv: string) => boolean
  #list: readonly string[] = []

  constructor(options: { onEvict: (conv: string) => void; isOpen: (conv: string) => boolean }) {
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
    return this.has(conv) ? TAIL_RECENT : TAIL_OTHER
  }
}
