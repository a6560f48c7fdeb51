import type { Member, Role } from '@tam/protocol'

const RANK: Record<Role, number> = { member: 0, admin: 1, owner: 2 }

/** What one member may do to another; the server decides the same way. */
export interface Powers {
  readonly remove: boolean
  /** Roles the member may be given. */
  readonly roles: readonly Role[]
}

/** `owners`: how many there are; the only one cannot step down. */
export function powersOver(
  own: Role,
  { role, isMe, owners }: { readonly role: Role; readonly isMe: boolean; readonly owners: number },
): Powers {
  const isOwner = own === 'owner'
  const givesRoles = isOwner && (!isMe || owners > 1)
  return {
    remove: !isMe && (isOwner || (own === 'admin' && role === 'member')),
    roles: givesRoles ? (['owner', 'admin', 'member'] as const).filter((other) => other !== role) : [],
  }
}

/** Of members that are loaded. */
export function ownersOf(members: readonly Member[]): readonly Member[] {
  return members.filter(({ role }) => role === 'owner')
}

/** Whether `user` owns it alone while others remain, and hence cannot leave. */
export function isLastOwner(members: readonly Member[], user: string): boolean {
  const owners = ownersOf(members)
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
