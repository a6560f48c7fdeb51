import type { AppendRequest, AppendResult } from './log.ts'
import { dedupeKey } from './keys.ts'

/** An append that waits in the queue of its log. */
export interface Pending {
  readonly request: AppendRequest
  /** Key of its dedupe row, in whichever bucket it lands. */
  readonly key: string
  /** UTF-8 bytes of its body. */
  readonly bytes: number
  readonly resolve: (result: AppendResult) => void
  readonly reject: (error: unknown) => void
  /** Buckets below this one are sealed and known not to hold it; undefined before the first look-back. */
  lookedBackTo: number | undefined
  settled: boolean
}

export function pendingAppend(
  request: AppendRequest,
  resolve: (result: AppendResult) => void,
  reject: (error: unknown) => void,
): Pending {
  return {
    request,
    key: dedupeKey(request.author, request.cid),
    bytes: Buffer.byteLength(request.body),
    resolve,
    reject,
    lookedBackTo: undefined,
    settled: false,
  }
}
