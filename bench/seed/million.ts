import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeBody } from '@tam/server/log/log.ts'
import { must } from '@tam/util'
import { dialogues } from '../../tools/seed/corpus.ts'
import { cachedSeed } from './cache.ts'
import { mintTokens, openOffline, registerMembers } from './offline.ts'
import type { Member, Offline } from './offline.ts'
import { withServer } from './online.ts'

export const MESSAGES = 1_000_000
/** Appends under way; the log commits them in batches. */
const AT_ONCE = 512

const FILE = 'million.json'

export interface Million {
  readonly member: Member
  /** The conversation with all the messages. */
  readonly conv: string
}

/** The data directory with one long conversation. */
export function millionSeed(say: (line: string) => void): Promise<string> {
  return cachedSeed('million', async (directory) => {
    say(`seeding a conversation of ${MESSAGES.toLocaleString('en-US')} messages (once, then cached)`)
    await withServer(directory, async () => {})
    const member = await registerOne(directory)
    const [token] = await mintTokens(directory, [member])
    let conv = ''
    await withServer(directory, async (api) => {
      conv = await api.createConversation(must(token), { kind: 'group', title: 'Một triệu tin nhắn' })
    })
    await appendAll(directory, conv, member.id)
    writeFileSync(join(directory, FILE), JSON.stringify({ member, conv } satisfies Million))
  })
}

export function readMillion(dataDir: string): Million {
  return JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')) as Million
}

async function registerOne(directory: string): Promise<Member> {
  await using offline = await openOffline(directory)
  return must((await registerMembers(offline, 1, 'million'))[0])
}

async function appendAll(directory: string, conv: string, user: string): Promise<void> {
  await using offline = await openOffline(directory)
  for (let from = 0, base = 1; from < MESSAGES; from += AT_ONCE) {
    const count = Math.min(AT_ONCE, MESSAGES - from)
    const results = await Promise.all(
      Array.from({ length: count }, (_, i) => append(offline, { conv, user, base, index: from + i })),
    )
    base = must(results.at(-1))
  }
}

const TEXTS = dialogues.flat()

interface Numbered {
  readonly conv: string
  readonly user: string
  readonly base: number
  readonly index: number
}

async function append({ log }: Offline, { conv, user, base, index }: Numbered): Promise<number> {
  const cid = `million-${String(index).padStart(7, '0')}`
  const id = cid.slice(-12)
  const text = TEXTS[index % TEXTS.length] ?? ''
  const at = new Date(Date.UTC(2026, 0, 1) + index * 20_000).toISOString()
  const body = encodeBody({ type: 'message', id, from: user, cid, text, at })
  const result = await log.append(conv, { author: user, cid, sha: 'bench', base, body })
  if (!result.ok) {
    throw new Error(`seeding failed: ${result.code}`)
  }
  return result.seq
}
