import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MEMBER_IDS_MAX } from '@tam/protocol'
import { sideKey, userPartition } from '@tam/server/conversations/rows.ts'
import { sidesOf } from '@tam/server/messages/read-position.ts'
import { must } from '@tam/util'
import type { Api } from '../../tools/drill/api.ts'
import { cachedSeed } from './cache.ts'
import { inParallel, mintTokens, openOffline, registerMembers } from './offline.ts'
import type { Member } from './offline.ts'
import { withServer } from './online.ts'

export const USERS = 5_000
/** Everybody is in this many groups. */
export const GROUPS_PER_USER = 20
const GROUP_SIZE = 100
/** People in the one large room. */
export const ROOM_SIZE = 1_000
/** People with a conversation of their own to write to. */
export const WRITERS = 200

/** Groups of each person in which not everything is read. */
const UNREAD_GROUPS = 3

const FILE = 'community.json'

/** The people of the bench and where they are. */
export interface Community {
  readonly members: readonly Member[]
  /** The conversation of members 0 … ROOM_SIZE − 1. */
  readonly room: string
  /** Conversation i belongs to member i alone. */
  readonly own: readonly string[]
}

/** The data directory of the seeded community; not to be changed, copy it. */
export function communitySeed(say: (line: string) => void): Promise<string> {
  return cachedSeed('community', async (directory) => {
    say(`seeding ${USERS} people in ${GROUPS_PER_USER} groups each (once, then cached)`)
    await withServer(directory, async () => {})
    const members = await registerAll(directory)
    const tokens = await mintTokens(directory, members)
    await withServer(directory, async (api) => {
      const community = await createConversations(api, members, tokens)
      writeFileSync(join(directory, FILE), JSON.stringify(community))
    })
    await markRead(directory, members)
  })
}

export function readCommunity(dataDir: string): Community {
  return JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')) as Community
}

async function registerAll(directory: string): Promise<Member[]> {
  await using offline = await openOffline(directory)
  return await registerMembers(offline, USERS, 'bench')
}

async function createConversations(
  api: Api,
  members: readonly Member[],
  tokens: readonly string[],
): Promise<Community> {
  const create = (owner: number, others: readonly number[], title: string) => {
    const memberIds = others.map((index) => must(members[index]).id)
    return again(() => api.createConversation(must(tokens[owner]), { kind: 'group', title, memberIds }))
  }
  const groups = groupsOfUsers()
  await inParallel(groups.length, 8, async (index) => {
    const [owner, ...others] = must(groups[index])
    await create(must(owner), others, `Nhóm ${index}`)
  })
  const own: string[] = []
  await inParallel(WRITERS, 8, async (index) => {
    own[index] = await create(index, [], `Sổ tay ${index}`)
  })
  const room = await create(0, [], 'Hội trường')
  for (let from = 1; from < ROOM_SIZE; from += MEMBER_IDS_MAX) {
    const userIds = members.slice(from, Math.min(ROOM_SIZE, from + MEMBER_IDS_MAX)).map(({ id }) => id)
    await api.call('POST', `/api/conversations/${room}/members`, {
      token: must(tokens[0]),
      body: { userIds },
    })
  }
  return { members, room, own }
}

/** Everybody has read everything in most of their conversations, as people who are idle have. */
async function markRead(directory: string, members: readonly Member[]): Promise<void> {
  await using offline = await openOffline(directory)
  const { kv, log } = offline
  const heads = new Map<string, Promise<number>>()
  const headOf = (conv: string) => {
    const head = heads.get(conv) ?? log.head(conv)
    heads.set(conv, head)
    return head
  }
  await inParallel(members.length, 64, async (index) => {
    const { id } = must(members[index])
    const sides = [...(await sidesOf(kv, id))]
    const read = sides.slice(UNREAD_GROUPS).map(async ([conv, { value }]) => ({
      key: sideKey(conv),
      value: JSON.stringify({ ...value, read: { seq: await headOf(conv) } }),
    }))
    await kv.commit(userPartition(id), { put: await Promise.all(read) })
  })
}

/** A refusal under load need not be final. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch {
    return work()
  }
}

/** Each layer divides everybody into groups by another stride, so that people meet different people. */
function groupsOfUsers(): number[][] {
  return Array.from({ length: GROUPS_PER_USER }, (_, layer) => layer).flatMap((layer) => {
    // Ends in 1: has no factor in common with USERS, so the walk meets everybody once.
    const stride = 10 * layer + 1
    const order = Array.from({ length: USERS }, (_, i) => (i * stride) % USERS)
    return Array.from({ length: USERS / GROUP_SIZE }, (_, g) =>
      order.slice(g * GROUP_SIZE, (g + 1) * GROUP_SIZE),
    )
  })
}
