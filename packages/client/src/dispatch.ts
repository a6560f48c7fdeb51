import type { DownFrame, ReadNotice } from '@tam/protocol'
import type { ConnectionManager } from './connection/connection-manager.ts'
import type { Parts } from './wiring.ts'

export type Receivers = Pick<Parts, 'requests' | 'sync' | 'logs' | 'handles' | 'presence' | 'users'>

/** Brings each frame to the one part that it is for. */
export function dispatch(frame: DownFrame, to: Receivers, connection: ConnectionManager): void {
  switch (frame.t) {
    case 'ok':
    case 'err':
      to.requests.settle(frame)
      return
    case 'conversations':
      to.sync.receivePart(frame)
      return
    case 'entry':
    case 'resync':
      to.sync.receive(frame)
      return
    case 'read':
      receiveRead(frame, to)
      return
    case 'typing':
      if (frame.user !== to.logs.me) {
        to.handles.peek(frame.conv)?.onTyping(frame.user)
      }
      return
    case 'presence':
      to.presence.told(frame.users, frame.counts)
      return
    case 'profile':
      to.users.remember(frame.users)
      return
    case 'missed':
      to.sync.refresh()
      to.users.revalidate()
      return
    case 'drain':
      connection.drain(frame.afterMs)
      return
    case 'hello':
    case 'pong':
      return
    default:
      // Frames of a newer server are dropped where they are decoded.
      frame satisfies never
  }
}

function receiveRead(notice: ReadNotice, { logs, handles }: Receivers): void {
  if (notice.user === logs.me) {
    logs.read(notice.conv, notice.seq, notice.unread)
  } else {
    handles.peek(notice.conv)?.onReceipt(notice)
  }
}
