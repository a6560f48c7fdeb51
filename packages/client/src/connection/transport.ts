/** One connection that carries text frames, in order, until it closes. Never reopened. */
export interface Transport {
  /** Queues one frame; a no-op once closed. */
  send(text: string): void
  /** Closes now; `onClose` is not called afterwards. */
  close(code?: number, reason?: string): void
}

export interface TransportEvents {
  onOpen(): void
  onFrame(text: string): void
  /** Once, also when it never opened. `code` 1006 when nothing better is known. */
  onClose(code: number, reason: string): void
}

/** Starts connecting at once. */
export type OpenTransport = (events: TransportEvents) => Transport
