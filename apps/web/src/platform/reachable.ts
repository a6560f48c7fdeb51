import type { ConnectionState, Readable } from '@tam/client'
import type { Cancel, Clock } from '@tam/util'
import { createState } from './state.ts'

/** A loss shorter than this is nobody's concern; a message sent meanwhile waits in the outbox. */
export const GRACE_MS = 4_000

/**
 * Whether what only the server can do is worth trying: false from the fourth second of an outage until the connection
 * is back.
 */
export function createReachable(connection: Readable<ConnectionState>, clock: Clock): Readable<boolean> {
  const reachable = createState(true)
  let cancel: Cancel | undefined
  const look = (): void => {
    const { status } = connection.get()
    if (status === 'waiting' || status === 'connecting') {
      cancel ??= clock.after(GRACE_MS, () => reachable.set(false))
    } else {
      cancel?.()
      cancel = undefined
      reachable.set(true)
    }
  }
  connection.subscribe(look)
  look()
  return reachable
}
