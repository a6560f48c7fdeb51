import type { Random } from '@tam/util'
import type { Recorder } from '../recorder.ts'
import type { Outgoing } from './outbox.ts'

/** Who a device signs in as. */
export interface DeviceUser {
  readonly id: string
  token(): Promise<string>
  /** The server does not take the token. */
  renew(): void
}

export interface SessionOptions {
  readonly name: string
  readonly user: DeviceUser
  readonly url: string
  readonly recorder: Recorder
  readonly random: Random
  /** A fault planted in the client; the drill then has to fail. */
  readonly bug: ClientBug | undefined
  /** A send was acknowledged for the first time in this session. */
  onAcked(outgoing: Outgoing): void
}

export interface Writing {
  /** Stored after what was written before it, or not at all; else it begins a chain of its own. */
  readonly chained: boolean
  /** Goes out elsewhere at the same time: already the first attempt says that it may not be the only one. */
  readonly isRaced?: boolean
}

/** `new-cid-on-retry`: what goes out again does so under another name than the one it was written with. */
export type ClientBug = 'new-cid-on-retry'
