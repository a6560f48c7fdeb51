import { fold, type Channel } from '@tam/protocol'
import { prefixEnd } from '../ports/kv/kv.ts'
import type { ActionDeps } from './deps.ts'
import { CHANNELS_REPLY_MAX, CHANNELS_SCAN_MAX } from './limits.ts'
import { CHANNELS_PARTITION, decode, type ListingRow } from './rows.ts'

/** Public channels with every word of `query` in title or topic, marks ignored; by title, at most 100. */
export async function browseChannels(
  { kv, access }: Pick<ActionDeps, 'kv' | 'access'>,
  user: string,
  query: string,
): Promise<Channel[]> {
  const range = { from: '', to: prefixEnd(''), limit: CHANNELS_SCAN_MAX }
  const rows = await kv.scan(CHANNELS_PARTITION, range)
  const words = fold(query).split(/\s+/).filter(Boolean)
  const found = rows
    .map((row) => ({ id: row.key, ...decode<ListingRow>(row) }))
    .filter((listing) => listing.closed !== true && matches(listing, words))
    .sort((a, b) => ORDER.compare(a.title, b.title))
    .slice(0, CHANNELS_REPLY_MAX)
  const standings = await access.standings(
    user,
    found.map(({ id }) => id),
  )
  return found.flatMap(({ id, title, topic }, index) => {
    const { role, meta } = standings[index] ?? {}
    return meta === undefined
      ? []
      : [{ id, title, topic, memberCount: meta.memberCount, joined: role !== undefined }]
  })
}

const ORDER = new Intl.Collator('vi')

function matches({ title, topic }: ListingRow, words: readonly string[]): boolean {
  const text = fold(`${title} ${topic}`)
  return words.every((word) => text.includes(word))
}
