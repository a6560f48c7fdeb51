import { randomId, type Random } from '@tam/util'
import type { TabMessage, Tabs } from './tabs.ts'

const LIFE = 'tam-tab-'
const CHANNEL = 'tam-session'

/**
 * Tabs of one browser profile. Each holds a Web Lock named after itself for as long as it lives; the browser
 * releases it when the tab closes or crashes. On a plain http address other than localhost there are no Web Locks:
 * then refreshes rely on the server's grace and the outbox on its dedupe by cid. Without a BroadcastChannel tabs learn of
 * each other's logins from the server.
 */
export function browserTabs(random: Random): Tabs {
  const id = randomId(random, 22)
  const locks: LockManager | undefined = navigator.locks
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(CHANNEL)
  void locks?.request(LIFE + id, () => new Promise<never>(() => undefined))
  return {
    id,
    exclusive: (name, run) => (locks === undefined ? run() : locks.request(name, run)),
    async alive() {
      const held = (await locks?.query())?.held
      return (
        held && new Set(held.flatMap(({ name }) => (name?.startsWith(LIFE) ? [name.slice(LIFE.length)] : [])))
      )
    },
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
    post: (message) => channel?.postMessage(message),
    onMessage(listener) {
      const hear = (event: MessageEvent<TabMessage>) => listener(event.data)
      channel?.addEventListener('message', hear)
      return () => channel?.removeEventListener('message', hear)
    },
  }
}
