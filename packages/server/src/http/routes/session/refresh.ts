import { Session } from '@tam/protocol'
import type { Logins } from '../../../accounts/logins.ts'
import type { Profiles } from '../../../accounts/profiles.ts'
import { AppError } from '../../../errors.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'
import { readRefreshCookie } from '../../refresh-cookie.ts'
import { checkSameOrigin } from '../../request-checks.ts'
import { sessionReply, type SessionReplyDeps } from '../../session-reply.ts'

const route = defineRoute(
  { access: 'public', limit: 'refresh' },
  {
    method: 'post',
    path: '/api/refresh',
    summary: 'Exchange the refresh cookie for a new access token',
    description:
      'Needs the header `X-Tam: 1`. The cookie is replaced; a replaced cookie used again ends the login.',
    tags: ['session'],
    responses: { 200: reply('A new access token; the new refresh token is in the cookie', Session) },
  },
)

export interface RefreshDeps extends SessionReplyDeps {
  readonly logins: Pick<Logins, 'refresh'>
  readonly profiles: Pick<Profiles, 'me'>
}

export function refreshRoute(api: Api, deps: RefreshDeps): void {
  api.openapi(route, async (c) => {
    checkSameOrigin(c.req.raw.headers)
    const token = readRefreshCookie(c, deps.cookie)
    if (token === undefined) {
      throw new AppError('unauthenticated')
    }
    const login = await deps.logins.refresh(token, c.get('address'))
    const me = await deps.profiles.me(login.user)
    return c.json(sessionReply(c, deps, me, login), 200)
  })
}
