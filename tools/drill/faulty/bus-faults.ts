import type { Engines } from '@tam/server/roles/engines.ts'
import { publishEntries } from '@tam/server/realtime/entry-feed.ts'
import type { Bus } from '@tam/server/ports/bus/bus.ts'
import type { Change } from '@tam/server/ports/kv/kv.ts'
import { isOfMessages, withCommit } from './kv-faults.ts'

/** Milliseconds between what is told and its commit, so that a kill comes between. */
const EARLY_MS = 40
const SHARE = 0.01

/** People see a message before it is stored. */
export function publishEarly(engines: Engines): Engines {
  return withCommit(engines, async (partition, change) => {
    if (isOfMessages(partition, change)) {
      const [first, entries] = entriesOf(change)
      publishEntries(engines.bus, partition.split('/')[1] ?? '', first, entries)
      await Bun.sleep(Math.random() * EARLY_MS)
    }
    return engines.kv.commit(partition, change)
  })
}

/** Neighbours of one bus message change places. */
export function deliverSwapped(engines: Engines): Engines {
  return onEntries(engines, (entries) =>
    entries.length > 1 ? [entries[1] ?? '', entries[0] ?? '', ...entries.slice(2)] : [...entries],
  )
}

/** Some texts change on the way. */
export function deliverTampered(engines: Engines): Engines {
  return onEntries(engines, (entries) =>
    entries.map((entry) => (Math.random() < SHARE ? entry.replace('"text":"', '"text":"(giả) ') : entry)),
  )
}

function entriesOf(change: Change): [first: number, entries: string[]] {
  const rows = (change.put ?? [])
    .filter(({ key }) => key.startsWith('m/'))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  return [Number(rows[0]?.key.slice(2)), rows.map(({ value }) => value)]
}

function onEntries(engines: Engines, change: (entries: readonly string[]) => string[]): Engines {
  const { bus } = engines
  const wrapped: Bus = {
    publish(topic, message) {
      const end = message.indexOf('\n')
      const isOfLog = topic.startsWith('log/') && end > 0 && message.length > end + 1
      const entries = isOfLog ? change(message.slice(end + 1).split('\n')) : []
      bus.publish(topic, isOfLog ? `${message.slice(0, end)}\n${entries.join('\n')}` : message)
    },
    subscribe: (topic, handler) => bus.subscribe(topic, handler),
    unsubscribe: (topic, handler) => bus.unsubscribe(topic, handler),
    onDiscontinuity: (listener) => bus.onDiscontinuity(listener),
    isLossless: bus.isLossless,
    get isConnected() {
      return bus.isConnected
    },
    close: () => bus.close(),
  }
  return { ...engines, bus: wrapped, [Symbol.asyncDispose]: () => engines[Symbol.asyncDispose]() }
}
