/** Parts of the server that a process may hold, in the order they start. */
export const ROLES = ['notify', 'presence', 'chat', 'api'] as const

/**
 * - `api`: HTTP and the web client
 * - `chat`: WebSockets
 * - `presence`: who is online
 * - `notify`: finishes what a crash cut off
 */
export type RoleName = (typeof ROLES)[number]

const EVERY = 'all'

/** Reads `api,chat` or `all`; undefined for anything else. */
export function parseRoles(text: string): readonly RoleName[] | undefined {
  const names = text.split(',').map((name) => name.trim())
  const known =
    names.length === 1 && names[0] === EVERY ? ROLES : ROLES.filter((role) => names.includes(role))
  const isWhole = known === ROLES || new Set(names).size === known.length
  return isWhole && known.length > 0 ? known : undefined
}

/** How people write them: `all`, or `api,chat`. */
export function nameRoles(roles: readonly RoleName[]): string {
  return roles.length === ROLES.length ? EVERY : roles.join(',')
}
