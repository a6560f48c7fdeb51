import { AppError } from '../errors.ts'
import { commitSurely, type CommitDeps } from './commit.ts'
import { CHANGE_ATTEMPTS_MAX, LEFT_SECONDS } from './limits.ts'
import { CHANNELS_PARTITION, META, convPartition, decode, decodeMeta, type ListingRow } from './rows.ts'

/**
 * Brings the row that `channels` are browsed by up to what the conversation says now. The row is read first and
 * versions only grow, so a late repeat changes nothing.
 */
export async function updateListing(deps: CommitDeps, conv: string): Promise<void> {
  for (let attempt = 0; attempt < CHANGE_ATTEMPTS_MAX; attempt++) {
    const row = await deps.kv.get(CHANNELS_PARTITION, conv)
    const meta = decodeMeta(await deps.kv.get(convPartition(conv), META))
    if (meta === undefined || !meta.public) {
      return
    }
    const { title, topic, version, members } = meta
    if (row !== undefined && decode<ListingRow>(row).version >= version) {
      return
    }
    const listing: ListingRow = {
      title: title ?? '',
      topic,
      version,
      ...(members === 0 ? { closed: true } : {}),
    }
    const put = {
      key: conv,
      value: JSON.stringify(listing),
      ...(members === 0 ? { ttl: LEFT_SECONDS } : {}),
    }
    const change = { expect: [{ key: conv, rev: row?.rev ?? null }], put: [put] }
    if (await commitSurely(deps, CHANNELS_PARTITION, change, async () => false)) {
      return
    }
  }
  throw new AppError('unavailable')
}
