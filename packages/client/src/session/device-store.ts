import type { Me } from '@tam/protocol'

/** What the device remembers before anybody is signed in. */
export interface Device {
  /** Names the device in `auth`: 22 random base64url characters. */
  readonly id: string
  /** Who was signed in last, so that a reload paints before the network answers. */
  readonly account?: Me
  /** Somebody signed out without the server: the login that the cookie holds is still to be ended there. */
  readonly ending?: true
}

export interface DeviceStore {
  load(): Promise<Device | undefined>
  save(device: Device): Promise<void>
}
