import type { EntryDraft } from '@tam/protocol'
import { encodeBody, type Log } from '../log/log.ts'

/** Appends of one entry while the outcome stays unknown. */
const ATTEMPTS_MAX = 3

/**
 * Tells all devices of a person something, by an entry of their own log. The same `cid` is told once.
 * @returns false when it is not certain that the entry is stored
 */
export async function tellOwnDevices(log: Pick<Log, 'append'>, draft: EntryDraft): Promise<boolean> {
  const { from, cid } = draft
  const body = encodeBody(draft)
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const result = await log.append(from, { author: from, cid, sha: '', base: 0, body, resend: attempt > 0 })
    if (result.ok || result.code !== 'unknown') {
      return result.ok
    }
  }
  return false
}
