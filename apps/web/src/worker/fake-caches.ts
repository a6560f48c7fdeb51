/** Cache storage in memory, for tests: as much of the browser's as the worker uses. */
export class FakeCaches {
  readonly #caches = new Map<string, Map<string, Response>>()

  /** Paths in each cache, sorted. */
  get contents(): Record<string, string[]> {
    return Object.fromEntries(
      [...this.#caches].map(([name, entries]) => [
        name,
        [...entries.keys()].map((url) => new URL(url).pathname).sort(),
      ]),
    )
  }

  async open(name: string) {
    const entries = this.#caches.get(name) ?? new Map<string, Response>()
    this.#caches.set(name, entries)
    return {
      match: async (url: string) => entries.get(url)?.clone(),
      put: async (url: string, response: Response) => void entries.set(url, response),
      delete: async (url: string) => entries.delete(url),
    }
  }

  keys = async () => [...this.#caches.keys()]

  delete = async (name: string) => this.#caches.delete(name)
}
