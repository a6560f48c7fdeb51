import { systemRandom } from '@tam/util'
import type { TamClient } from './api.ts'
import { createClient } from './client.ts'
import { browserEnvironment } from './connection/environment.browser.ts'
import { webSocketTransport } from './connection/transport.websocket.ts'
import { indexedDbDeviceStore } from './session/device-store.indexeddb.ts'
import { browserTabs } from './session/tabs.browser.ts'
import { indexedDbStorage } from './storage/account-storage.indexeddb.ts'
import { memoryStorage } from './storage/account-storage.memory.ts'
import { withFallback } from './storage/with-fallback.ts'
import { frameScheduler } from './store/scheduler.browser.ts'

export { openDatabase } from './storage/open-database.ts'

/**
 * A client in a page. Without `url` it talks to the server that delivered the page.
 * @example
 * const client = createBrowserClient()
 * await client.session.restore()
 * client.start()
 */
export function createBrowserClient(options: { url?: string } = {}): TamClient {
  const url = options.url ?? location.origin
  return createClient({
    url,
    fetch: (address, init) => fetch(address, init),
    transport: webSocketTransport(url),
    environment: browserEnvironment,
    devices: indexedDbDeviceStore(),
    storage: withFallback(indexedDbStorage, memoryStorage()),
    tabs: browserTabs(systemRandom),
    scheduler: frameScheduler,
  })
}
