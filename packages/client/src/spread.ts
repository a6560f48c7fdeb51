import type { ConversationEntry } from '@tam/protocol'
import type { LogChange } from './sync/logs.ts'
import type { Parts } from './wiring.ts'

/** Brings a change of the logs to everything that follows from them. */
export function spread(change: LogChange, parts: Parts): void {
  const { logs, outbox, cache, handles, sync, recount } = parts
  if (change.type === 'applied') {
    confirmOwn(parts, change.conv, change.entries)
  }
  if (change.type === 'applied' || change.type === 'restarted') {
    outbox.applied(change.conv, logs.get(change.conv)?.cursor ?? 0)
  }
  handles.onLog(change)
  if ('conv' in change) {
    cache.changed(change.conv)
    recount.check(change.conv)
  }
  if (change.type === 'applied') {
    sync.announce(change.conv, change.entries)
  }
}

/** Own messages among `entries` are stored, whatever became of the answers to their sends. */
export function confirmOwn(
  { logs, outbox }: Pick<Parts, 'logs' | 'outbox'>,
  conv: string,
  entries: readonly ConversationEntry[],
): void {
  if (outbox.items(conv).length > 0) {
    for (const { from, cid, seq } of entries) {
      if (from === logs.me) {
        outbox.confirm(conv, cid, seq)
      }
    }
  }
}
