const KEY = 'tam.place'

/** Where one was in a conversation. */
export interface KeptPlace {
  readonly conversation: string
  readonly seq: number
  /** Row bottom minus view bottom, pixels. */
  readonly below: number
}

/** Carries the place in the open conversation over a reload that the application itself makes. */
export interface Place {
  /** Asks `source` when the page is about to be reloaded, until the result is called. */
  watch(source: () => KeptPlace | undefined): () => void
  /** Call right before reloading. */
  keep(): void
  /** Where `conversation` was before the reload; once. */
  take(conversation: string): KeptPlace | undefined
}

/** Keeps the place in the tab's own storage; where that is forbidden, the conversation opens at its end. */
export function createPlace(storage: () => Storage): Place {
  let source: (() => KeptPlace | undefined) | undefined
  return {
    watch(next) {
      source = next
      return () => {
        if (source === next) {
          source = undefined
        }
      }
    },
    keep() {
      const place = source?.()
      if (place !== undefined) {
        attempt(() => storage().setItem(KEY, JSON.stringify(place)))
      }
    },
    take(conversation) {
      const kept = attempt(() => {
        const text = storage().getItem(KEY)
        storage().removeItem(KEY)
        return text === null ? undefined : parsePlace(JSON.parse(text))
      })
      return kept?.conversation === conversation ? kept : undefined
    },
  }
}

function parsePlace(value: unknown): KeptPlace | undefined {
  const { conversation, seq, below } = (value ?? {}) as Record<string, unknown>
  return typeof conversation === 'string' && typeof seq === 'number' && typeof below === 'number'
    ? { conversation, seq, below }
    : undefined
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
