import type { ReadTracker } from './read-tracker.logic.ts'

/** A row counts as seen by half of itself, or by half of the screen when it is taller than that. */
const HALF = 0.5
const THRESHOLDS = [0, 0.1, 0.2, 0.3, 0.4, HALF]

/** Tells the tracker which rows (marked with `data-seq`) are on the screen. */
export class RowSight {
  #tracker: ReadTracker
  #observer: IntersectionObserver
  #seqs = new WeakMap<Element, number>()

  constructor(tracker: ReadTracker) {
    this.#tracker = tracker
    this.#observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          this.#report(entry)
        }
      },
      { threshold: THRESHOLDS },
    )
  }

  /** Watches a row until the returned function is called. */
  observe(row: HTMLElement): () => void {
    this.#observer.observe(row)
    return () => {
      this.#observer.unobserve(row)
      this.#leave(row)
    }
  }

  dispose(): void {
    this.#observer.disconnect()
  }

  #report(entry: IntersectionObserverEntry): void {
    const { target } = entry
    const seq = target instanceof HTMLElement ? Number(target.dataset['seq'] ?? 0) : 0
    if (seq === 0 || !entry.isIntersecting || !coversHalf(entry)) {
      this.#leave(target)
      return
    }
    this.#seqs.set(target, seq)
    this.#tracker.setVisible(seq, true)
  }

  #leave(row: Element): void {
    const seq = this.#seqs.get(row)
    if (seq !== undefined) {
      this.#seqs.delete(row)
      this.#tracker.setVisible(seq, false)
    }
  }
}

function coversHalf(entry: IntersectionObserverEntry): boolean {
  const screen = entry.rootBounds?.height ?? window.innerHeight
  return entry.intersectionRatio >= HALF || entry.intersectionRect.height >= screen * HALF
}
