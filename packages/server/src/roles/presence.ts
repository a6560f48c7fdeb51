import type { Role } from './role.ts'

/** The role presence. Chat servers keep their own leases; this one has no work of its own yet. */
export function openPresenceRole(): Role {
  return { name: 'presence' }
}
