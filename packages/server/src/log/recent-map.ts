/**
 * A bounded map that forgets what was neither set nor read lately: two generations, the older one dropped when the
 * younger is full. Holds between `max` and 2 × `max` of the newest keys at the price of plain Map operations.
 */
export class RecentMap<Value> {
  readonly #max: number
  #young = new Map<string, Value>()
  #old = new Map<string, Value>()

  constructor(max: number) {
    this.#max = max
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) {
      return young
    }
    const old = this.#old.get(key)
    if (old !== undefined) {
      this.set(key, old)
    }
    return old
  }

  set(key: string, value: Value): void {
    if (this.#young.size >= this.#max && !this.#young.has(key)) {
      this.age()
    }
    this.#young.set(key, value)
  }

  delete(key: string): void {
    this.#young.delete(key)
    this.#old.delete(key)
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }

  /** Ends a generation: what is neither set nor read until the next one ends is forgotten then. */
  age(): void {
    this.#old = this.#young
    this.#young = new Map()
  }
}
