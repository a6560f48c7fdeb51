import type { ConversationHandle } from '@tam/client'

// Who shows a conversation and wants to know when something is sent from this page; forgotten with the handle.
const listeners = new WeakMap<ConversationHandle, Set<() => void>>()

/** Calls `listener` when the person sends something from this page, until the returned function is called. */
export function onSentHere(handle: ConversationHandle, listener: () => void): () => void {
  const known = listeners.get(handle) ?? new Set()
  listeners.set(handle, known.add(listener))
  return () => known.delete(listener)
}

/** Something was sent from this page: its timeline goes to the live end. */
export function tellSentHere(handle: ConversationHandle): void {
  for (const listener of listeners.get(handle) ?? []) {
    listener()
  }
}
