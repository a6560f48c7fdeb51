import type { Engines } from '@tam/server/roles/engines.ts'
import { decodeFeedEvent, publishEntries } from '@tam/server/realtime/entry-feed.ts'
import type { Bus } from '@tam/server/ports/bus/bus.ts'
import type { Change } from '@tam/server/ports/kv/kv.ts'
import { isOfMessages, withCommit } from './kv-faults.ts'

/** Milliseconds between what is told and its commit, so that a kill comes between. */
const EARLY_MS = 40
const SHARE = 0.01
const LOST_SHARE = 0.03
const UNTOLD_SHARE = 0.5
const LATE_MS = 300

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
  return withBus(engines, {
    publish(topic, message) {
      const end = message.indexOf('\n')
      const isOfLog = topic.startsWith('log/') && end > 0 && message.length > end + 1
      const entries = isOfLog ? change(message.slice(end + 1).split('\n')) : []
      bus.publish(topic, isOfLog ? `${message.slice(0, end)}\n${entries.join('\n')}` : message)
    },
  })
}

/** Some messages between servers are lost, as they may be. */
export function loseSome(engines: Engines): Engines {
  const { bus } = engines
  return withBus(engines, {
    publish(topic, message) {
      if (Math.random() >= LOST_SHARE) {
        bus.publish(topic, message)
      }
    },
  })
}

/** Some moves of read positions are told to nobody. */
export function loseReads(engines: Engines): Engines {
  const { bus } = engines
  return withBus(engines, {
    publish(topic, message) {
      if (!message.startsWith('{"t":"read"') || Math.random() >= UNTOLD_SHARE) {
        bus.publish(topic, message)
      }
    },
  })
}

/** Entries that are lost between servers leave no gap behind: the next ones take their numbers. */
export function hideGaps(engines: Engines): Engines {
  const { bus } = engines
  const hidden = new Map<string, number>()
  return withBus(engines, {
    publish(topic, message) {
      const event = topic.startsWith('log/') ? decodeFeedEvent(message) : undefined
      if (event !== undefined && Math.random() < LOST_SHARE) {
        hidden.set(topic, (hidden.get(topic) ?? 0) + event.entries.length)
        return
      }
      const shift = hidden.get(topic)
      hidden.delete(topic)
      bus.publish(
        topic,
        shift === undefined || event === undefined ? message : renumber(message, event, shift),
      )
    },
  })
}

function renumber(message: string, { first, last }: { first: number; last: number }, shift: number): string {
  return message.replace(` ${first} ${last} `, ` ${first - shift} ${last - shift} `)
}

/** Subscriptions begin some time after they were confirmed. */
export function subscribeLate(engines: Engines): Engines {
  const { bus } = engines
  return withBus(engines, {
    async subscribe(topic, handler) {
      const isOfLog = topic.startsWith('log/')
      setTimeout(() => void bus.subscribe(topic, handler), isOfLog ? LATE_MS : 0)
    },
  })
}

/** A logout is believed by the server that was asked for it, and told to nobody. */
export function keepLogoutsQuiet(engines: Engines): Engines {
  const { bus } = engines
  return withBus(engines, {
    publish(topic, message) {
      if (!message.startsWith('{"t":"revoke"')) {
        bus.publish(topic, message)
      }
    },
  })
}

function withBus(engines: Engines, changed: Partial<Bus>): Engines {
  const { bus } = engines
  const wrapped: Bus = {
    publish: (topic, message) => bus.publish(topic, message),
    subscribe: (topic, handler) => bus.subscribe(topic, handler),
    unsubscribe: (topic, handler) => bus.unsubscribe(topic, handler),
    onDiscontinuity: (listener) => bus.onDiscontinuity(listener),
    isLossless: bus.isLossless,
    get dropped() {
      return bus.dropped
    },
    get isConnected() {
      return bus.isConnected
    },
    close: () => bus.close(),
    ...changed,
  }
  return { ...engines, bus: wrapped, [Symbol.asyncDispose]: () => engines[Symbol.asyncDispose]() }
}
