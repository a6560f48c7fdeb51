import type { Me, Session } from '@tam/protocol'
import type { Context } from 'hono'
import type { AccessTokens } from '../accounts/access-tokens.ts'
import type { Continuation } from '../accounts/logins.ts'
import type { RefreshCookie } from '../config/public-address.ts'
import { setRefreshCookie } from './refresh-cookie.ts'

export interface SessionReplyDeps {
  readonly tokens: Pick<AccessTokens, 'issue'>
  readonly cookie: RefreshCookie
}

/** Hands out both tokens of a login: the refresh token as the cookie, the access token in the body. */
export function sessionReply(c: Context, deps: SessionReplyDeps, me: Me, login: Continuation): Session {
  const { token, expiresIn } = deps.tokens.issue(login.user, login.sid)
  setRefreshCookie(c, deps.cookie, login.refreshToken, login.maxAge)
  return { user: me, accessToken: token, expiresIn }
}
