import { type PresenceRole, startPresenceRole } from '../presence/role.ts'
import type { Foundation, Role } from './role.ts'

/** In one process everybody who is still there says so within this, milliseconds: no other server has to be heard. */
const ALONE_GRACE_MS = 3_000

/** The role presence: leases of the chat servers in, statuses out. */
export function openPresenceRole(foundation: Foundation): Role {
  const { config, engines, services } = foundation
  let running: PresenceRole | undefined
  return {
    name: 'presence',
    async start() {
      running = await startPresenceRole({
        ...foundation,
        ...engines,
        factsOf: (users) => services.profiles.presenceFacts(users),
        ...(config.redis === undefined ? { graceMs: ALONE_GRACE_MS } : {}),
      })
    },
    stop: () => running?.stop(),
  }
}
