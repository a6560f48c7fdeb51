import { SUBPROTOCOL } from '@tam/protocol/version'
import type { OpenTransport } from './transport.ts'

const ABNORMAL_CLOSURE = 1006

/** A transport over the standard `WebSocket`. `url` is the http(s) address of the server. */
export function webSocketTransport(url: string, WebSocketClass: typeof WebSocket = WebSocket): OpenTransport {
  const address = new URL('/ws', url)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return (events) => {
    const socket = new WebSocketClass(address, SUBPROTOCOL)
    const stop = new AbortController()
    const once = { signal: stop.signal }
    socket.addEventListener('open', () => events.onOpen(), once)
    socket.addEventListener('message', (event) => events.onFrame(String(event.data)), once)
    // An `error` is always followed by a `close`; Node's implementation throws when nobody listens.
    socket.addEventListener('error', () => undefined, once)
    socket.addEventListener(
      'close',
      (event) => events.onClose(event.code || ABNORMAL_CLOSURE, event.reason),
      once,
    )
    return {
      send(text) {
        if (socket.readyState === WebSocketClass.OPEN) {
          socket.send(text)
        }
      },
      close(code = 1000, reason = '') {
        stop.abort()
        socket.close(code, reason)
      },
    }
  }
}
