import type { AccountsParts } from '../../accounts/create-accounts.ts'
import type { Config } from '../../config/config.ts'
import type { RefreshCookie } from '../../config/public-address.ts'
import type { Cache } from '../../ports/cache/cache.ts'
import type { Api } from '../context.ts'
import { LoginLimits } from '../login-limits.ts'
import { listLoginsRoute } from './logins/list.ts'
import { revokeLoginRoute } from './logins/revoke.ts'
import { changePasswordRoute } from './me/change-password.ts'
import { getMeRoute } from './me/get.ts'
import { patchMeRoute } from './me/patch.ts'
import { setAvatarRoute } from './me/set-avatar.ts'
import { getMediaRoute } from './media/get.ts'
import { loginRoute } from './session/login.ts'
import { logoutRoute } from './session/logout.ts'
import { refreshRoute } from './session/refresh.ts'
import { registerRoute } from './session/register.ts'
import { findUsersRoute } from './users/find.ts'
import { getUserRoute } from './users/get.ts'

export interface AccountRoutesDeps extends Pick<
  AccountsParts,
  'accounts' | 'profiles' | 'avatars' | 'logins' | 'tokens'
> {
  readonly cache: Pick<Cache, 'get' | 'set'>
  readonly cookie: RefreshCookie
  readonly registration: Config['registration']
}

/** Session, own profile, logins, people and pictures. */
export function addAccountRoutes(api: Api, deps: AccountRoutesDeps): void {
  registerRoute(api, deps)
  loginRoute(api, { ...deps, limits: new LoginLimits(deps.cache) })
  refreshRoute(api, deps)
  logoutRoute(api, deps)
  getMeRoute(api, deps)
  patchMeRoute(api, deps)
  setAvatarRoute(api, deps)
  changePasswordRoute(api, deps)
  listLoginsRoute(api, deps)
  revokeLoginRoute(api, deps)
  findUsersRoute(api, deps)
  getUserRoute(api, deps)
  getMediaRoute(api, deps)
}
