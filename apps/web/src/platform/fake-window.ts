import type { RouterWindow } from './router.ts'

/** A window with a history of its own, for tests: moves through it happen when `settle` is called, as in a browser. */
export class FakeWindow {
  readonly #entries: { path: string; state: unknown }[] = [{ path: '/', state: null }]
  #at = 0
  #moves: number[] = []
  #onPop: (() => void) | undefined
  readonly location = { pathname: '/' }
  readonly history = {
    state: null as unknown,
    pushState: (state: unknown, _: string, path: string) => {
      this.#entries.splice(this.#at + 1, Infinity, { path, state })
      this.#show(this.#at + 1)
    },
    replaceState: (state: unknown, _: string, path: string) => {
      this.#entries[this.#at] = { path, state }
      this.#show(this.#at)
    },
    back: () => this.history.go(-1),
    forward: () => this.history.go(1),
    go: (by: number) => void this.#moves.push(by),
  }

  asWindow(): RouterWindow {
    return this as unknown as RouterWindow
  }

  addEventListener(_: string, listener: () => void): void {
    this.#onPop = listener
  }

  get length(): number {
    return this.#entries.length
  }

  /** Index of the entry on the screen. */
  get at(): number {
    return this.#at
  }

  /** Runs what waits in microtasks and carries out all moves. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 8; turn++) {
      await Promise.resolve()
      for (let by = this.#moves.shift(); by !== undefined; by = this.#moves.shift()) {
        const to = this.#at + by
        if (this.#entries[to] !== undefined) {
          this.#show(to)
          this.#onPop?.()
        }
      }
    }
  }

  #show(at: number): void {
    this.#at = at
    const entry = this.#entries[at]
    this.location.pathname = entry?.path ?? ''
    this.history.state = entry?.state ?? null
  }
}
