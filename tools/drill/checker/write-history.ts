import { closeSync, openSync, writeSync } from 'node:fs'
import type { DrillEvent } from './event.ts'
import type { History } from './history.ts'

const CHUNK_LINES = 4_096

/** Writes a history as JSON lines, in an order that `readHistory` accepts. */
export function writeHistory(path: string, history: History): void {
  const file = openSync(path, 'w')
  try {
    let lines: string[] = []
    for (const event of eventsOf(history)) {
      lines.push(`${JSON.stringify(event)}\n`)
      if (lines.length === CHUNK_LINES) {
        writeSync(file, lines.join(''))
        lines = []
      }
    }
    writeSync(file, lines.join(''))
  } finally {
    closeSync(file)
  }
}

/** The events that made a history; order is kept where it means something. */
export function* eventsOf(history: History): Generator<DrillEvent> {
  for (const { send, outcome } of history.attempts) {
    yield send
    if (outcome !== undefined) {
      yield outcome
    }
  }
  for (const { deliveries } of history.streams) {
    yield* deliveries
  }
  yield* history.histories
  yield* history.reads
  yield* history.unreads
  for (const session of history.stopped) {
    yield { type: 'stop', at: 0, session }
  }
  for (const [session, user] of history.owners) {
    yield { type: 'session', session, user }
  }
  yield* history.memberships
  yield* history.unconfirmed
  yield* history.revocations
  yield* history.pushes
  yield* history.offline
  yield* history.uploads
  yield* history.downloads
  yield* history.faults
  yield* history.memory
  yield* history.marks
  for (const { conv, dumps } of history.logs.values()) {
    for (const { node, scope, entries } of dumps.values()) {
      yield { type: 'dump', node, conv, scope }
      yield* entries
    }
  }
  yield* history.dedupes
}
