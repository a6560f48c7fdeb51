import { SUBPROTOCOL } from '@tam/protocol'
import { AppError } from '../errors.ts'

/** Characters of Sec-WebSocket-Protocol that are looked at. */
const PROTOCOLS_MAX = 256

/**
 * Why a request may not become a WebSocket; undefined when it may. An absent Origin is allowed: such a client is no
 * browser, and no cookie counts here.
 */
export function refuseUpgrade(request: Request, origins: readonly string[]): AppError | undefined {
  const origin = request.headers.get('origin')
  if (origin !== null && !origins.includes(origin)) {
    return new AppError('origin_refused')
  }
  // Whatever a query says, somebody logs it; tokens above all.
  if (request.url.includes('?')) {
    return new AppError('invalid_request', {
      detail: 'The address takes no parameters; the token goes into the first frame',
    })
  }
  const protocols = request.headers.get('sec-websocket-protocol') ?? ''
  if (protocols.length > PROTOCOLS_MAX || !protocols.split(',').some((name) => name.trim() === SUBPROTOCOL)) {
    return new AppError('invalid_request', { detail: `The sub-protocol must be ${SUBPROTOCOL}` })
  }
  return undefined
}
