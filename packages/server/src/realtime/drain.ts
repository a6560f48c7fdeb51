import { CLOSE } from '@tam/protocol'
import { type Clock, wait } from '@tam/util'
import type { InFlight } from './commands/in-flight.ts'
import type { Connections } from './connections.ts'
import type { Flusher } from './hub/flusher.ts'
import { DRAIN_DEADLINE_MS, DRAIN_SPREAD_MS } from './limits.ts'

const LOOK_MS = 50

export interface DrainDeps {
  readonly clock: Clock
  readonly connections: Connections
  readonly inFlight: InFlight
  readonly flusher: Flusher
  /** From here on frames are not taken any more; what they asked for is asked again elsewhere. */
  readonly silence: () => void
}

/**
 * Sends everybody elsewhere: clients leave by themselves within DRAIN_SPREAD_MS, what is being stored is finished
 * and told, the rest is closed 4412. Takes DRAIN_DEADLINE_MS at most, less when everybody has left.
 */
export async function drain({ clock, connections, inFlight, flusher, silence }: DrainDeps): Promise<void> {
  const began = clock.monotonic()
  const elapsed = () => clock.monotonic() - began
  const frame = JSON.stringify({ t: 'drain', afterMs: DRAIN_SPREAD_MS })
  connections.forEach(({ phase, socket }) => {
    if (phase === 'ready') {
      socket?.send(frame)
    }
  })
  while (connections.size > 0 && elapsed() < DRAIN_SPREAD_MS) {
    await wait(clock, LOOK_MS)
  }
  silence()
  await Promise.race([inFlight.idle(), wait(clock, Math.max(0, DRAIN_DEADLINE_MS - elapsed()))])
  flusher.flushAll()
  connections.closeAll(CLOSE.draining)
}
