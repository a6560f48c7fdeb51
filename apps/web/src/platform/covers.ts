/** Only what the covers need of `window.history`. */
export type CoverHistory = Pick<History, 'state' | 'pushState' | 'replaceState' | 'go'>

/** State of a history entry. */
export interface Entry {
  /** How many entries of this visit lie before this one. */
  readonly depth: number
  /** How many things cover the page at this entry. */
  readonly covers?: number
}

/**
 * Things that cover the whole page of a phone, such as a panel or a dialog: each takes a history entry, so that the
 * back gesture closes it instead of leaving the page below. The history follows in a microtask: what closes and
 * opens again in one turn keeps its entry.
 */
export class Covers {
  #history: CoverHistory
  #path: () => string
  #open: (() => void)[] = []
  #depth: number
  #settling = false
  /** What waits until the history has left the entries of covers that are gone. */
  #returning: (() => void)[] | undefined

  constructor(history: CoverHistory, path: () => string) {
    this.#history = history
    this.#path = path
    if (this.#count > 0) {
      // The page was loaded anew: what covered it is gone.
      this.#history.replaceState({ depth: this.entry.depth } satisfies Entry, '', path())
    }
    this.#depth = this.entry.depth
  }

  get entry(): Entry {
    return (this.#history.state as Entry | null) ?? { depth: 0 }
  }

  /** Adds a cover; `onBack` is called when the person goes back. The result takes it away again. */
  add(onBack: () => void): () => void {
    this.#open.push(onBack)
    this.#settle()
    return () => {
      const index = this.#open.indexOf(onBack)
      if (index !== -1) {
        this.#open.splice(index, 1)
        this.#settle()
      }
    }
  }

  /** Runs `work` as soon as the history is at rest, at once when it is. */
  whenSettled(work: () => void): void {
    if (this.#returning === undefined) {
      work()
    } else {
      this.#returning.push(work)
    }
  }

  /** The page below goes elsewhere: nothing covers it any more. Returns whether something did. */
  forget(): boolean {
    this.#open = []
    return this.#count > 0
  }

  /** The router wrote an entry. */
  onWrite(): void {
    this.#depth = this.entry.depth
  }

  /** The history moved. Returns false while it is on an entry that is not worth stopping at. */
  onPop(): boolean {
    const isBack = this.entry.depth < this.#depth
    this.onWrite()
    if (this.#returning !== undefined) {
      const waiting = this.#returning
      this.#returning = undefined
      this.#settle()
      waiting.forEach((work) => work())
      return false
    }
    if (this.#count > this.#open.length) {
      // Nothing covers the page there any more: on to the page before, or back to the one just left.
      this.#history.go(isBack ? -1 : this.#open.length - this.#count)
      return false
    }
    for (const onBack of this.#open.splice(this.#count).toReversed()) {
      onBack()
    }
    return true
  }

  get #count(): number {
    return this.entry.covers ?? 0
  }

  #settle(): void {
    if (!this.#settling) {
      this.#settling = true
      queueMicrotask(() => {
        this.#settling = false
        this.whenSettled(() => this.#follow())
      })
    }
  }

  #follow(): void {
    while (this.#count < this.#open.length) {
      const entry: Entry = { depth: this.entry.depth + 1, covers: this.#count + 1 }
      this.#history.pushState(entry, '', this.#path())
      this.onWrite()
    }
    if (this.#count > this.#open.length) {
      this.#returning = []
      this.#history.go(this.#open.length - this.#count)
    }
  }
}
