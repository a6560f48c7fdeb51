import type { Role } from '@tam/protocol'

const RANK: Record<Role, number> = { member: 0, admin: 1, owner: 2 }

/** owner ⊃ admin ⊃ member. */
export function isAtLeast(role: Role, least: Role): boolean {
  return RANK[role] >= RANK[least]
}
