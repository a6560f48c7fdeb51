import { PasswordBody } from '@tam/protocol'
import type { Accounts } from '../../../accounts/accounts.ts'
import type { Logins } from '../../../accounts/logins.ts'
import type { Api } from '../../context.ts'
import { defineRoute, jsonBody, noContent } from '../../define-route.ts'

const route = defineRoute(
  { limit: 'password' },
  {
    method: 'post',
    path: '/api/me/password',
    summary: 'Change the password',
    description: 'All other logins end.',
    tags: ['me'],
    request: { body: jsonBody(PasswordBody) },
    responses: { 204: noContent('Changed') },
  },
)

export interface ChangePasswordDeps {
  readonly accounts: Pick<Accounts, 'changePassword'>
  readonly logins: Pick<Logins, 'revokeAll'>
}

export function changePasswordRoute(api: Api, deps: ChangePasswordDeps): void {
  api.openapi(route, async (c) => {
    const { user, sid } = c.get('claims')
    const { current, password } = c.req.valid('json')
    await deps.accounts.changePassword(user, current, password)
    await deps.logins.revokeAll(user, sid)
    return c.body(null, 204)
  })
}
