import { type Conversation, SYNC_GAP_MAX, type SyncFrame } from '@tam/protocol'
import type { Conversations } from '../../conversations/conversations.ts'
import type { Log } from '../../log/log.ts'
import { Slots } from '../../slots.ts'
import { resync, type ResyncReason } from '../frames/encode.ts'
import type { Flusher } from '../hub/flusher.ts'
import type { GoLive } from '../hub/go-live.ts'
import type { Rooms } from '../hub/rooms.ts'
import { type Connection, type LocalUser, type Room, roomsOf } from '../hub/state.ts'
import { type QueryLimit, syncCost } from '../query-limit.ts'
import { SYNC_FRAME_UNITS_MAX, SYNC_RETRY_MS, SYNCS_AT_ONCE, SYNCS_WAITING_MAX } from '../limits.ts'

export interface SyncDeps {
  readonly log: Pick<Log, 'head'>
  readonly conversations: Pick<Conversations, 'refsOf' | 'summarise'>
  readonly rooms: Rooms
  readonly flusher: Flusher
  readonly goLive: GoLive
  /** False when a move of a read position since the user was loaded may not have been heard. */
  readonly isBusHealthy: () => boolean
  readonly queryLimit: QueryLimit
  /** Epoch of the store. */
  readonly epoch: string
  /** One more sync was answered. */
  readonly onSynced: () => void
}

/** What the client has, by log id. */
type Cursors = ReadonlyMap<string, number>
/** What it is told that there is. */
type Heads = ReadonlyMap<Room, number>

export type Sync = (connection: Connection, user: LocalUser, frame: SyncFrame) => Promise<void>

/**
 * Answers with all conversations, then brings the connection from its cursors to the present. Until then it is live
 * in none of them: what happens meanwhile is pushed after the gap, in order. A cursor of a conversation one is not
 * in any more says nothing; the answer shows which ones there are.
 */
export function createSync(deps: SyncDeps): Sync {
  const slots = new Slots({
    count: SYNCS_AT_ONCE,
    waitingMax: SYNCS_WAITING_MAX,
    retryAfterMs: SYNC_RETRY_MS,
  })
  return async (connection, user, frame) => {
    await deps.queryLimit.admit(user, syncCost(user))
    deps.goLive.suspend(connection)
    connection.notices = null
    try {
      const cursors = new Map(Object.entries(frame.cursors))
      await reachCursors(deps, user, cursors)
      const heads = new Map(roomsOf(user).map((room) => [room, room.published]))
      connection.placing = heads
      const conversations = await slots.run(() => list(deps, user, heads))
      if (connection.socket !== null) {
        const head = (user.log && heads.get(user.log)) ?? 0
        connection.answer = [...(connection.answer ?? []), ...answerOf(frame.id, conversations, head)]
        const told = new Set([user.id, ...conversations.map(({ id }) => id)])
        const isForeign = frame.epoch !== undefined && frame.epoch !== deps.epoch
        place(connection, heads, (room, roomHead) =>
          told.has(room.id) ? splicePoint(cursors.get(room.id), roomHead, isForeign) : undefined,
        )
      }
    } finally {
      connection.placing = null
      deps.goLive.release(connection)
      deps.onSynced()
    }
  }
}

/**
 * A client that was connected elsewhere may be ahead of what the bus has told this server. What the own log then tells
 * of is entered, or it would be missed by a client that asks for less of that log; it stands where its joining says, so
 * that all is looked at once more.
 */
async function reachCursors(deps: SyncDeps, user: LocalUser, cursors: Cursors): Promise<void> {
  for (let reached: readonly Room[] | null = null; reached !== user.rooms;) {
    // Replaced with every change.
    reached = user.rooms
    for (const room of roomsOf(user)) {
      await reachCursor(deps, room, cursors.get(room.id) ?? 0)
    }
    while (user.entering !== null) {
      await user.entering
    }
  }
}

async function reachCursor({ log, rooms, flusher }: SyncDeps, room: Room, cursor: number): Promise<void> {
  if (cursor > room.published) {
    const head = await log.head(room.id)
    if (head >= room.next) {
      await rooms.reach(room, head)
    }
    flusher.flush(room)
  }
}

async function list(
  { conversations, isBusHealthy }: SyncDeps,
  user: LocalUser,
  heads: Heads,
): Promise<Conversation[]> {
  const kept = isBusHealthy() ? user.refs : null
  const refs = kept ?? (await conversations.refsOf(user.id))
  user.refs = null
  const known = new Map([...heads].map(([room, head]) => [room.id, head]))
  // Those joined this very moment follow by the user's own log.
  const listed = refs.filter(({ conv }) => known.has(conv))
  return conversations.summarise(user.id, listed, (conv) => known.get(conv))
}

/** The answer in as many frames as it takes: a socket with too much unsent is closed. */
function answerOf(id: number, conversations: readonly Conversation[], head: number): string[] {
  const frames: string[] = []
  let part: string[] = []
  let units = 0
  for (const conversation of conversations) {
    const encoded = JSON.stringify(conversation)
    if (part.length > 0 && units + encoded.length > SYNC_FRAME_UNITS_MAX) {
      frames.push(`{"t":"conversations","id":${id},"conversations":[${part.join(',')}]}`)
      part = []
      units = 0
    }
    part.push(encoded)
    units += encoded.length
  }
  const total = frames.length === 0 ? '' : `"total":${conversations.length},`
  frames.push(`{"t":"ok","id":${id},"conversations":[${part.join(',')}],${total}"user":{"head":${head}}}`)
  return frames
}

interface SplicePoint {
  readonly position: number
  /** Why the cursor is not honoured. */
  readonly reason?: ResyncReason
}

function splicePoint(cursor: number | undefined, head: number, isForeign: boolean): SplicePoint {
  if (cursor === undefined) {
    return { position: head }
  }
  if (isForeign) {
    return { position: head, reason: 'epoch_changed' }
  }
  if (cursor > head) {
    return { position: head, reason: 'bad_position' }
  }
  return head - cursor > SYNC_GAP_MAX ? { position: head, reason: 'gap_too_large' } : { position: cursor }
}

/**
 * Moves the connection to the splice points. What the client was not told of, because it was just left, it does not
 * receive. Rooms left meanwhile are in `heads` no more, even when they were entered again: then the position of that
 * joining stands.
 */
function place(
  connection: Connection,
  heads: Heads,
  pointOf: (room: Room, head: number) => SplicePoint | undefined,
): void {
  const notices: string[] = []
  for (const [room, head] of heads) {
    const point = pointOf(room, head)
    connection.untold?.delete(room)
    if (point === undefined) {
      connection.behind?.delete(room)
      connection.untold ??= new Set()
      connection.untold.add(room)
    } else if (point.position === room.published) {
      connection.behind?.delete(room)
    } else {
      connection.behind ??= new Map()
      connection.behind.set(room, point.position)
    }
    if (point?.reason !== undefined) {
      notices.push(resync(room.id, point.reason, head))
    }
  }
  connection.notices = notices.length === 0 ? null : notices
}
