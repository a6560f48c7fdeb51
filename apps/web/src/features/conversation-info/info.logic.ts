import type { Member, Role } from '@tam/protocol'

const RANK: Record<Role, number> = { member: 0, admin: 1, owner: 2 }

/** What one member may do to another; the server decides the same way. */
export interface Powers {
  readonly remove: boolean
  /** Roles the member may be given. */
  readonly roles: readonly Role[]
}

export function powersOver(own: Role, member: { readonly role: Role; readonly isMe: boolean }): Powers {
  const isOwner = own === 'owner'
  return {
    remove: !member.isMe && (isOwner || (own === 'admin' && member.role === 'member')),
    roles: isOwner ? (['owner', 'admin', 'member'] as const).filter((role) => role !== member.role) : [],
  }
}

/** Whether `user` owns it alone while others remain, and hence cannot leave. */
export function isLastOwner(members: readonly Member[], user: string): boolean {
  const owners = members.filter(({ role }) => role === 'owner')
  return members.length > 1 && owners.length === 1 && owners[0]?.user.id === user
}

/** Title, topic, people and invitations are for admins and owners. */
export function mayManage(own: Role): boolean {
  return RANK[own] >= RANK.admin
}

/** Owners, admins, members; each by name. */
export function sortMembers(members: readonly Member[], compare: (a: string, b: string) => number): Member[] {
  return members.toSorted((a, b) => RANK[b.role] - RANK[a.role] || compare(a.user.name, b.user.name))
}
