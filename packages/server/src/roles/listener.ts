import type { Server, WebSocketHandler } from 'bun'
import { type Clock, wait } from '@tam/util'
import type { Api } from '../http/context.ts'
import type { Service } from '../lifecycle/service.ts'
import type { Connection } from '../realtime/hub/state.ts'
import type { Gateway } from '../realtime/listener.ts'
import { listening, type Place } from './port.ts'

/** Seconds an HTTP connection may be silent. */
const HTTP_IDLE_SECONDS = 25
/** Bun's own bare 413. Far above every limit of the edge, which counts while it reads and answers with a problem. */
const BODY_HARD_MAX_BYTES = 64 * 1024 * 1024
/** What requests under way may take after nothing new is taken, milliseconds; past it they are cut off. */
const FINISH_MS = 5_000
const NO_SOCKETS: WebSocketHandler<Connection> = { message() {} }

export interface ListenerOptions {
  readonly place: Place
  readonly clock: Clock
  readonly api: Api
  /** Takes `/ws`. */
  readonly gateway: Gateway | undefined
}

/** The one port of a process. Ends by taking no connection, answering what was asked, and closing the rest. */
export function createListener({ place, clock, api, gateway }: ListenerOptions): Service {
  let server: Server<Connection> | undefined
  return {
    name: 'listener',
    start() {
      server = listening(place, () => serve(place, { api, gateway }))
    },
    async stop() {
      await Promise.race([server?.stop(), wait(clock, FINISH_MS)])
      await server?.stop(true)
    },
  }
}

function serve(
  { host: hostname, port }: Place,
  { api, gateway }: Pick<ListenerOptions, 'api' | 'gateway'>,
): Server<Connection> {
  return Bun.serve<Connection>({
    hostname,
    port,
    idleTimeout: HTTP_IDLE_SECONDS,
    maxRequestBodySize: BODY_HARD_MAX_BYTES,
    development: false,
    websocket: gateway?.websocket ?? NO_SOCKETS,
    fetch(request, own) {
      if (gateway !== undefined && request.method === 'GET' && isSocketPath(request.url)) {
        return gateway.upgrade(request, own)
      }
      const peer = own.requestIP(request)?.address
      return api.fetch(request, peer === undefined ? {} : { peer })
    },
  })
}

// The path alone: origin and host of `url` are the client's words.
function isSocketPath(url: string): boolean {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  return url.startsWith('/ws', start) && (url.length === start + 3 || url[start + 3] === '?')
}
