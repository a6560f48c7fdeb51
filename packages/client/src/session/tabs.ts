import { randomId, type Random } from '@tam/util'

export type TabMessage =
  | { readonly type: 'signed-out' }
  /** Another account may have taken the cookie. */
  | { readonly type: 'signed-in'; readonly user: string }

/** The other clients that share this one's cookie and storage: the tabs of a browser profile. */
export interface Tabs {
  /** Names this client's life, from start to end. */
  readonly id: string
  /** Runs `run` while nobody else runs anything under `name`. */
  exclusive<T>(name: string, run: () => Promise<T>): Promise<T>
  /** Ids of the tabs alive now; undefined when that cannot be known. */
  alive(): Promise<ReadonlySet<string> | undefined>
  /** Tells the other tabs, not this one. */
  post(message: TabMessage): void
  onMessage(listener: (message: TabMessage) => void): () => void
}

/** A program that shares nothing with another. */
export function singleTab(random: Random): Tabs {
  const id = randomId(random, 22)
  return {
    id,
    exclusive: (_name, run) => run(),
    alive: () => Promise.resolve(new Set([id])),
    post: () => undefined,
    onMessage: () => () => undefined,
  }
}
