import type { Logins } from '../../../accounts/logins.ts'
import type { RefreshCookie } from '../../../config/public-address.ts'
import type { Api } from '../../context.ts'
import { defineRoute, noContent } from '../../define-route.ts'
import { clearRefreshCookie, readRefreshCookie } from '../../refresh-cookie.ts'
import { checkSameOrigin } from '../../request-checks.ts'

const route = defineRoute(
  { access: 'public', limit: 'refresh' },
  {
    method: 'post',
    path: '/api/logout',
    summary: 'End the login of the refresh cookie',
    description:
      'Needs the header `X-Tam: 1`. Its sockets are closed. Without a cookie nothing happens. The cookie is cleared also when the login could not be ended.',
    tags: ['session'],
    responses: { 204: noContent('Logged out') },
  },
)

export interface LogoutDeps {
  readonly logins: Pick<Logins, 'end'>
  readonly cookie: RefreshCookie
}

export function logoutRoute(api: Api, deps: LogoutDeps): void {
  api.openapi(route, async (c) => {
    checkSameOrigin(c.req.raw.headers)
    const token = readRefreshCookie(c, deps.cookie)
    // Before anything can fail: the browser forgets the login also when the store cannot end it now.
    clearRefreshCookie(c, deps.cookie)
    if (token !== undefined) {
      await deps.logins.end(token)
    }
    return c.body(null, 204)
  })
}
