import { RegisterBody, Session, type Me } from '@tam/protocol'
import type { Accounts } from '../../../accounts/accounts.ts'
import type { Logins } from '../../../accounts/logins.ts'
import type { Config } from '../../../config/config.ts'
import { AppError } from '../../../errors.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, reply } from '../../define-route.ts'
import { deviceName } from '../../device-name.ts'
import { sessionReply, type SessionReplyDeps } from '../../session-reply.ts'

const route = defineRoute(
  { access: 'public', limit: 'register' },
  {
    method: 'post',
    path: '/api/register',
    summary: 'Create an account and log in',
    tags: ['session'],
    request: { body: jsonBody(RegisterBody) },
    responses: { 201: reply('The new account, logged in; the refresh token is in the cookie', Session) },
  },
)

export interface RegisterDeps extends SessionReplyDeps {
  readonly accounts: Pick<Accounts, 'register'>
  readonly logins: Pick<Logins, 'create'>
  readonly registration: Config['registration']
}

export function registerRoute(api: Api, deps: RegisterDeps): void {
  api.openapi(route, async (c) => {
    if (deps.registration === 'closed') {
      throw new AppError('registration_closed')
    }
    const body = c.req.valid('json')
    const { headers } = c.req.raw
    const me = await deps.accounts.register({ ...body, locale: body.locale ?? preferredLocale(headers) })
    const login = await deps.logins.create({ user: me.id, device: deviceName(headers.get('user-agent')) })
    return c.json(sessionReply(c, deps, me, login), 201)
  })
}

function preferredLocale(headers: Headers): Me['locale'] {
  const first = headers.get('accept-language')?.split(/[,;]/, 1)[0]?.trim().toLowerCase() ?? ''
  return first === 'en' || first.startsWith('en-') ? 'en' : 'vi'
}
