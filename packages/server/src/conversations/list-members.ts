import type { Member, Role } from '@tam/protocol'
import type { ActionDeps } from './deps.ts'
import { mapLimited } from './parallel.ts'

/** People looked up at a time. */
const CHUNK = 100
const PARALLEL_CHUNKS = 4
const ORDER: Record<Role, number> = { owner: 0, admin: 1, member: 2 }

/** The members, owners first; with their read positions where receipts are on. */
export async function listMembers(deps: ActionDeps, user: string, conv: string): Promise<Member[]> {
  await deps.access.requireMember(conv, user)
  const { kind } = await deps.access.conversation(conv)
  const roles = [...(await deps.access.members(conv))].sort(([, a], [, b]) => ORDER[a] - ORDER[b])
  const chunks = Array.from({ length: Math.ceil(roles.length / CHUNK) }, (_, index) =>
    roles.slice(index * CHUNK, (index + 1) * CHUNK),
  )
  const members = await mapLimited(chunks, PARALLEL_CHUNKS, (chunk) =>
    membersOf(deps, { conv, user, receipts: kind !== 'channel' }, chunk),
  )
  return members.flat()
}

interface Viewed {
  readonly conv: string
  /** Who looks. */
  readonly user: string
  readonly receipts: boolean
}

async function membersOf(
  { people, reads }: ActionDeps,
  { conv, user: viewer, receipts }: Viewed,
  roles: readonly (readonly [string, Role])[],
): Promise<Member[]> {
  const ids = roles.map(([id]) => id)
  const [found, positions] = await Promise.all([
    people.users(ids),
    receipts ? reads.receipts(conv, viewer, ids) : [],
  ])
  const byId = new Map(found.map((person) => [person.id, person]))
  return roles.flatMap(([id, role], index) => {
    const user = byId.get(id)
    return user === undefined ? [] : [{ user, role, read: positions[index] ?? null }]
  })
}
