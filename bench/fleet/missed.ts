import { SIDE_PREFIX, userPartition } from '@tam/server/conversations/rows.ts'
import { encodeBody } from '@tam/server/log/log.ts'
import { prefixEnd } from '@tam/server/ports/kv/kv.ts'
import { readEpoch } from '@tam/server/roles/epoch.ts'
import { must, systemRandom } from '@tam/util'
import { dialogues } from '../../tools/seed/corpus.ts'
import { inParallel, openOffline } from '../seed/offline.ts'
import type { Member, Offline } from '../seed/offline.ts'

/** Entries missed in a conversation with a gap. */
export const GAP = 5
/** One conversation in so many has a gap. */
const GAP_EVERY = 7
const AT_ONCE = 64

/** What somebody who was connected a moment ago holds. */
export interface Held {
  /** As in a `sync`: what was there before the gaps. */
  readonly cursors: Readonly<Record<string, number>>
  /** Entries that are missing. */
  readonly missed: number
}

export interface Missed {
  readonly epoch: string
  /** In the order of the members. */
  readonly held: readonly Held[]
  /** Conversations the members are in, together; and those of them with a gap. */
  readonly conversations: number
  readonly gaps: number
}

/** Appends entries to some conversations, and says what the members held before. */
export async function appendMissed(dataDir: string, members: readonly Member[]): Promise<Missed> {
  await using offline = await openOffline(dataDir)
  const convsOf = await listConversations(offline, members)
  const heads = new Map<string, number>()
  const all = [...new Set(convsOf.flat())]
  const logs = [...all, ...members.map(({ id }) => id)]
  await inParallel(logs.length, AT_ONCE, async (index) => {
    const log = must(logs[index])
    heads.set(log, await offline.log.head(log))
  })
  const gaps = all.filter(hasGap)
  await inParallel(gaps.length, AT_ONCE, (index) =>
    appendGap(offline, must(gaps[index]), must(members[0]).id),
  )
  const held = members.map(({ id }, index) => {
    const convs = convsOf[index] ?? []
    return {
      cursors: Object.fromEntries([id, ...convs].map((log) => [log, heads.get(log) ?? 0])),
      missed: convs.filter(hasGap).length * GAP,
    }
  })
  const epoch = await readEpoch(offline.kv, systemRandom)
  return { epoch, held, conversations: all.length, gaps: gaps.length }
}

/** The same conversations in every run over the same seed. */
function hasGap(conv: string): boolean {
  return Number(Bun.hash.wyhash(conv) % BigInt(GAP_EVERY)) === 0
}

async function listConversations({ kv }: Offline, members: readonly Member[]): Promise<string[][]> {
  const lists: string[][] = []
  const range = { from: SIDE_PREFIX, to: prefixEnd(SIDE_PREFIX), limit: 1_000 }
  await inParallel(members.length, AT_ONCE, async (index) => {
    const rows = await kv.scan(userPartition(must(members[index]).id), range)
    lists[index] = rows.map(({ key }) => key.slice(SIDE_PREFIX.length))
  })
  return lists
}

async function appendGap({ log }: Offline, conv: string, author: string): Promise<void> {
  const texts = dialogues.flat()
  for (let i = 0; i < GAP; i++) {
    const cid = `missed-${i}`
    const at = new Date(Date.UTC(2026, 0, 1) + i * 1_000).toISOString()
    const body = encodeBody({
      type: 'message',
      id: `missed00000${i}`,
      from: author,
      cid,
      text: texts[i] ?? '',
      at,
    })
    const result = await log.append(conv, { author, cid, sha: 'bench', base: 0, body })
    if (!result.ok) {
      throw new Error(`seeding failed: ${result.code}`)
    }
  }
}
