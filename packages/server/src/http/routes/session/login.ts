import { LoginBody, Session } from '@tam/protocol'
import type { Accounts } from '../../../accounts/accounts.ts'
import type { Logins } from '../../../accounts/logins.ts'
import { AppError } from '../../../errors.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, reply } from '../../define-route.ts'
import { deviceName } from '../../device-name.ts'
import type { LoginLimits } from '../../login-limits.ts'
import { sessionReply, type SessionReplyDeps } from '../../session-reply.ts'

const route = defineRoute(
  { access: 'public', limit: 'login' },
  {
    method: 'post',
    path: '/api/login',
    summary: 'Log in',
    tags: ['session'],
    request: { body: jsonBody(LoginBody) },
    responses: { 200: reply('Logged in; the refresh token is in the cookie', Session) },
  },
)

export interface LoginDeps extends SessionReplyDeps {
  readonly accounts: Pick<Accounts, 'authenticate'>
  readonly logins: Pick<Logins, 'create'>
  readonly limits: LoginLimits
}

export function loginRoute(api: Api, deps: LoginDeps): void {
  api.openapi(route, async (c) => {
    const { login, password } = c.req.valid('json')
    const attempt = { login, address: c.get('address') }
    await deps.limits.take(c.get('gate'), attempt)
    const person = await deps.accounts.authenticate(login, password)
    if (!person) {
      throw new AppError('invalid_credentials')
    }
    const { me, expect } = person
    const device = deviceName(c.req.raw.headers.get('user-agent'))
    const continuation = await deps.logins.create({ user: me.id, device, expect })
    await deps.limits.succeeded(attempt)
    return c.json(sessionReply(c, deps, me, continuation), 200)
  })
}
