import type { Clock, Random } from '@tam/util'
import type { Environment } from './connection/environment.ts'
import type { OpenTransport } from './connection/transport.ts'
import type { Fetch } from './rest/http.ts'
import type { DeviceStore } from './session/device-store.ts'
import type { Tabs } from './session/tabs.ts'
import type { OpenAccountStorage } from './storage/account-storage.ts'
import type { Scheduler } from './store/observable.ts'
import type { TailLengths } from './store/recently-opened.ts'

export interface ClientOptions {
  /** The server's http(s) address. */
  readonly url: string
  /** Everything below has a default that suits Bun and Node ≥ 22; Node 20 needs a `transport`. */
  readonly fetch?: Fetch
  readonly transport?: OpenTransport
  readonly clock?: Clock
  readonly random?: Random
  readonly environment?: Environment
  readonly devices?: DeviceStore
  readonly tabs?: Tabs
  readonly storage?: OpenAccountStorage
  readonly scheduler?: Scheduler
  /** How many of the newest entries of a conversation stay in memory and cache. */
  readonly tails?: TailLengths
}
