import type { User } from '@tam/protocol'
import type { ConversationState } from '../sync/state.ts'
import type { CacheChange, CacheStore } from './cache-store.ts'

/** Forgets with the process; for bots and tests. */
export function memoryCacheStore(): CacheStore {
  let account: CacheChange['account'] | undefined
  const states = new Map<string, ConversationState>()
  const people = new Map<string, User>()
  return {
    load: async () => account && { ...account, states: [...states.values()], people: [...people.values()] },
    async write(change) {
      account = change.account
      for (const state of change.put) {
        states.set(state.summary.id, state)
      }
      for (const conv of change.remove) {
        states.delete(conv)
      }
      for (const user of change.people) {
        people.set(user.id, user)
      }
    },
    async clear() {
      account = undefined
      states.clear()
      people.clear()
    },
  }
}
