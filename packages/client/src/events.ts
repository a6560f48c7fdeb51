import type { ClientEvents } from './api.ts'

type Listener<K extends keyof ClientEvents> = (detail: ClientEvents[K]) => void

/** Typed events. A listener that throws is reported as `error` and disturbs nobody else. */
export class Events {
  readonly #listeners = new Map<keyof ClientEvents, Set<Listener<never>>>()

  on<K extends keyof ClientEvents>(event: K, listener: Listener<K>): () => void {
    const own: Listener<K> = (detail) => listener(detail)
    const listeners = this.#listeners.get(event) ?? new Set()
    listeners.add(own)
    this.#listeners.set(event, listeners)
    return () => listeners.delete(own)
  }

  emit<K extends keyof ClientEvents>(event: K, detail: ClientEvents[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])] as Listener<K>[]) {
      try {
        listener(detail)
      } catch (error) {
        // A failing error listener has nobody left to tell.
        if (event !== 'error') {
          this.failed(error, `listener of ${event}`)
        }
      }
    }
  }

  failed(error: unknown, where: string): void {
    this.emit('error', { error, where })
  }
}
