import type { Bus, BusHandler } from './bus.ts'

/** The bus of one process. `onError` hears what a handler throws; publishers never do. */
export class MemoryBus implements Bus {
  // Most topics have one handler: it is stored bare. Lists are replaced, never changed, so that a handler may
  // subscribe and unsubscribe while it is called.
  readonly #handlers = new Map<string, BusHandler | readonly BusHandler[]>()
  readonly isLossless: boolean = true
  readonly dropped = 0
  readonly #onError: (error: unknown, topic: string) => void

  constructor(onError: (error: unknown, topic: string) => void) {
    this.#onError = onError
  }

  publish(topic: string, message: string): void {
    const handlers = this.#handlers.get(topic)
    if (handlers === undefined) {
      return
    }
    if (typeof handlers === 'function') {
      this.#deliver(handlers, topic, message)
      return
    }
    for (const handler of handlers) {
      this.#deliver(handler, topic, message)
    }
  }

  async subscribe(topic: string, handler: BusHandler): Promise<void> {
    const handlers = this.#list(topic)
    if (!handlers.includes(handler)) {
      this.#store(topic, [...handlers, handler])
    }
  }

  unsubscribe(topic: string, handler: BusHandler): void {
    this.#store(
      topic,
      this.#list(topic).filter((other) => other !== handler),
    )
  }

  /** Whether anybody listens to the topic. */
  hears(topic: string): boolean {
    return this.#handlers.has(topic)
  }

  /** Nothing is ever missed within one process. */
  onDiscontinuity(): () => void {
    return () => {}
  }

  get isConnected(): boolean {
    return true
  }

  async close(): Promise<void> {
    this.#handlers.clear()
  }

  #list(topic: string): readonly BusHandler[] {
    const handlers = this.#handlers.get(topic) ?? []
    return typeof handlers === 'function' ? [handlers] : handlers
  }

  #store(topic: string, handlers: readonly BusHandler[]): void {
    const [first] = handlers
    if (first === undefined) {
      this.#handlers.delete(topic)
    } else {
      this.#handlers.set(topic, handlers.length === 1 ? first : handlers)
    }
  }

  #deliver(handler: BusHandler, topic: string, message: string): void {
    try {
      handler(topic, message)
    } catch (error) {
      this.#onError(error, topic)
    }
  }
}
