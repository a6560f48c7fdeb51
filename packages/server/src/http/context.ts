import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Claims } from '../accounts/claims.ts'
import type { Rate } from '../ports/cache/cache.ts'
import type { Deadline } from './deadline.ts'
import type { Gate } from './gate.ts'

/** What the listener hands to the router beside the request. */
export interface Peer {
  /** Address of the other end of the TCP connection; absent means unknown, which is nobody's friend. */
  readonly peer?: string
}

export interface ApiEnv {
  Bindings: Peer
  Variables: {
    /** Whose request it is. Set before the handler of every route whose access is `login`, and only there. */
    claims: Claims
    /** Client address after trusted proxies; the key of the per-address rate limits. */
    address: string
    gate: Gate
    /** When this request is answered at the latest; routes that read uploads move it. */
    deadline: Deadline
    /** The limit this request was counted under; absent before admission. */
    rateLimit?: { readonly name: string; readonly rate: Rate }
  }
}

export type Api = OpenAPIHono<ApiEnv>
