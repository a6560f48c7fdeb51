import { assert } from '@tam/util'
import { AppError } from '../errors.ts'
import type { Log } from '../log/log.ts'
import { prefixEnd } from '../ports/kv/kv.ts'
import { digest, entriesOf, type PendingRow, type PlannedEntry } from './change-event.ts'
import { commitAlways, type CommitDeps } from './commit.ts'
import { PARALLEL_STEPS } from './limits.ts'
import { updateListing } from './listing.ts'
import { mapLimited } from './parallel.ts'
import { META, PENDING_PREFIX, convPartition, decode, decodeMeta, pendingKey, type MetaRow } from './rows.ts'
import type { Sides } from './sides.ts'

export interface FinishDeps extends CommitDeps {
  readonly log: Log
  readonly sides: Sides
}

/** Changes told at once; more wait for the next round. */
const PENDING_MAX = 1_000

/**
 * Tells everything that changed in a conversation and was not told yet, in the order it became true. Anybody may
 * do this at any time, several at once: every step leaves what is already done as it is.
 */
export async function finishPending(deps: FinishDeps, conv: string): Promise<void> {
  const range = { from: PENDING_PREFIX, to: prefixEnd(PENDING_PREFIX), limit: PENDING_MAX }
  const rows = await deps.kv.scan(convPartition(conv), range)
  const pending = rows.map((row) => decode<PendingRow>(row)).sort((a, b) => a.version - b.version)
  for (const change of pending) {
    await finishChange(deps, conv, change)
  }
}

/** Log entry, then each person's side, then the listing, then nothing is pending any more. */
export async function finishChange(deps: FinishDeps, conv: string, change: PendingRow): Promise<void> {
  const meta = decodeMeta(await deps.kv.get(convPartition(conv), META))
  assert(meta !== undefined, 'a change belongs to a conversation that exists')
  const planned = entriesOf(change)
  const seqs = await appendAll(deps.log, conv, change, planned)
  await mapLimited([...planned.entries()], PARALLEL_STEPS, ([index, { side, author }]) =>
    side === undefined
      ? Promise.resolve()
      : tellSide(deps.sides, { conv, meta, change, side, by: author, seq: seqs[index] ?? 0 }),
  )
  if (concernsListing(meta, change)) {
    await updateListing(deps, conv)
  }
  await commitAlways(deps, convPartition(conv), { delete: [pendingKey(change.op)] })
}

async function appendAll(
  log: Log,
  conv: string,
  { base }: PendingRow,
  planned: readonly PlannedEntry[],
): Promise<number[]> {
  const append = async ({ author, cid, body }: PlannedEntry) => {
    const result = await log.append(conv, { author, cid, sha: digest(body), base, body })
    if (!result.ok) {
      throw new AppError(result.code)
    }
    return result.seq
  }
  // The first one alone: nothing may precede `created`.
  const [first, ...others] = planned
  assert(first !== undefined, 'a change has an entry')
  return [await append(first), ...(await Promise.all(others.map(append)))]
}

interface Telling {
  readonly conv: string
  readonly meta: MetaRow
  readonly change: PendingRow
  readonly side: NonNullable<PlannedEntry['side']>
  readonly by: string
  readonly seq: number
}

function tellSide(sides: Sides, { conv, meta, change, side, by, seq }: Telling): Promise<void> {
  const { op, at } = change
  return side.kind === 'joined'
    ? sides.join(side.user, { conv, kind: meta.kind, title: meta.title, seq, op, by, at })
    : sides.leave(side.user, { conv, seq, op, by, at })
}

function concernsListing({ kind, members }: MetaRow, { event }: PendingRow): boolean {
  return kind === 'channel' && (event.type === 'created' || event.type === 'details' || members === 0)
}
