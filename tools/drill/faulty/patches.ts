import { Rooms } from '@tam/server/realtime/hub/rooms.ts'
import { CatchUp } from '@tam/server/realtime/hub/catch-up.ts'
import { Missed } from '@tam/server/realtime/missed.ts'
import { SendCheck } from '@tam/server/messages/send-check.ts'
import { SendOrder } from '@tam/server/messages/send-order.ts'

/*
 * Faults of the server's own steps, which no engine can bring about: the drill's server replaces a method before it
 * starts. The server has no switch for them.
 */

/** Milliseconds that one look at a membership takes, at most. */
const LOOKUP_MS = 20
/** Milliseconds for which nothing is done about a gap. */
const IDLE_MS = 100

/** Each send looks at its membership by itself, and goes on when it has seen it. */
export function takeFramesInParallel(): void {
  SendCheck.prototype.isSettled = () => false
  SendOrder.prototype.run = async (_user, _conv, check, go) => {
    const checked = await check()
    await Bun.sleep(Math.random() * LOOKUP_MS)
    return go(checked)
  }
}

/** Whoever comes back gets what is new from now on, wherever they were. */
export function jumpToNow(): void {
  const { advance } = CatchUp.prototype
  CatchUp.prototype.advance = function (connection) {
    if (!connection.held) {
      for (const room of connection.behind?.keys() ?? []) {
        connection.behind?.set(room, room.published)
      }
    }
    advance.call(this, connection)
  }
}

/** What was not heard is not read either. */
export function ignoreGaps(): void {
  Rooms.prototype.reach = () => Bun.sleep(IDLE_MS)
}

/** Nobody is told that something may have been lost. */
export function tellNoLoss(): void {
  Missed.prototype.soon = () => {}
}
