import { must } from '@tam/util'
import type { DrillEvent } from './event.ts'
import { accessFaults } from './planted-access.ts'
import type { PlantedFault } from './planted-edits.ts'
import {
  append,
  dedupeOf,
  entryOf,
  finals,
  isOnlyAttempt,
  lastTime,
  laterSends,
  nextRecv,
  pickRecv,
  sendOf,
  withHole,
  without,
} from './planted-edits.ts'
import { QUIET, SYNTHETIC_BUCKET } from './synthetic.ts'

export const plantedFaults: readonly PlantedFault[] = [
  {
    name: 'a hole in the sequence',
    violates: 'I1',
    plant: (events) => withHole(events, 3),
  },
  {
    name: 'a node that lacks the newest entry',
    violates: 'I1',
    plant: (events) => without(events, must(finals(events, QUIET, 'ws').at(-1))),
  },
  {
    name: 'a lost acknowledged send',
    violates: 'I2',
    plant: (events) => {
      const head = finals(events, QUIET).length
      const send = sendOf(events, 'lost')
      return [...events, send, { type: 'ok', at: send.at + 1, op: send.op, seq: head + 1 }]
    },
  },
  {
    name: 'an acknowledgement that names another entry',
    violates: 'I2',
    plant: (events) => {
      const ok = must(events.find((event) => event.type === 'ok' && isOnlyAttempt(events, event.op)))
      return events.map((event) => (event === ok && event.type === 'ok' ? { ...event, seq: 1 } : event))
    },
  },
  {
    name: 'a phantom entry that nobody sent',
    violates: 'I3',
    plant: (events) => append(events, QUIET, { cid: 'phantom', author: 'u1', sha: 'phantom' }),
  },
  {
    name: 'a cid stored twice',
    violates: 'I4',
    plant: (events) => {
      const { cid, author, sha } = must(finals(events, QUIET)[1])
      return append(events, QUIET, { cid, author, sha })
    },
  },
  {
    name: 'a refused send that is visible',
    violates: 'I5',
    plant: (events) => {
      const ok = must(events.find((event) => event.type === 'ok' && isOnlyAttempt(events, event.op)))
      return events.map((event) =>
        event === ok && event.type === 'ok'
          ? { type: 'fail', at: event.at, op: event.op, code: 'forbidden' }
          : event,
      )
    },
  },
  {
    name: 'a delivery whose text was tampered with',
    violates: 'I6',
    plant: (events, random) => {
      const victim = pickRecv(events, random)
      return events.map((event) => (event === victim ? { ...victim, sha: 'tampered' } : event))
    },
  },
  {
    name: 'a history page that shows another entry',
    violates: 'I6',
    plant: (events) => {
      const victim = must(events.find((event) => event.type === 'history' && event.entries.length > 0))
      return events.map((event) =>
        event === victim && event.type === 'history'
          ? { ...event, entries: event.entries.map((entry) => ({ ...entry, cid: 'other' })) }
          : event,
      )
    },
  },
  {
    name: 'a skipped delivery',
    violates: 'I7',
    plant: (events, random) => without(events, pickRecv(events, random)),
  },
  {
    name: 'a delivery that reached the application twice',
    violates: 'I7',
    plant: (events, random) => {
      const victim = pickRecv(events, random)
      return events.flatMap((event) => (event === victim ? [victim, victim] : [event]))
    },
  },
  {
    name: 'two deliveries in the wrong order',
    violates: 'I7',
    plant: (events, random) => {
      const first = pickRecv(events, random)
      const second = must(nextRecv(events, first))
      return events.map((event) => (event === first ? second : event === second ? first : event))
    },
  },
  {
    name: 'a reconnect that goes on beyond what was applied',
    violates: 'I7',
    plant: (events, random) => {
      const before = pickRecv(events, random)
      const skipped = must(nextRecv(events, before))
      const { at, session, conv } = skipped
      return events.map((event) =>
        event === skipped
          ? { type: 'resume', at, session, conv, from: skipped.seq, cause: 'reconnect' }
          : event,
      )
    },
  },
  {
    name: 'a needless order to start over',
    violates: 'I7',
    plant: (events, random) => {
      const { at, session, conv, seq } = pickRecv(events, random)
      const resync: DrillEvent = { type: 'resync', at, session, conv, reason: 'hole', from: seq, head: seq }
      return events.flatMap((event) =>
        event.type === 'recv' && event.session === session && event.conv === conv && event.seq === seq
          ? [event, resync]
          : [event],
      )
    },
  },
  {
    name: 'a real-time inversion',
    violates: 'I8',
    plant: (events) => {
      const start = lastTime(events) + 1
      const late = laterSends(events, start)
      const [first, second] = [must(late[0]), must(late[1])]
      const inverted = append(append(events, QUIET, entryOf(second)), QUIET, entryOf(first))
      const head = finals(events, QUIET).length
      return [
        ...inverted,
        first,
        { type: 'ok', at: start + 1, op: first.op, seq: head + 2 },
        { ...second, at: start + 2, connection: first.connection + 1 },
        { type: 'ok', at: start + 3, op: second.op, seq: head + 1 },
      ]
    },
  },
  {
    name: 'a pipeline stored out of order',
    violates: 'I9',
    plant: (events) => {
      const start = lastTime(events) + 1
      const [first, second] = laterSends(events, start).map((send) => ({ ...send, user: 'u1' }))
      const head = finals(events, QUIET).length
      return [
        ...append(append(events, QUIET, entryOf(must(second))), QUIET, entryOf(must(first))),
        must(first),
        { ...must(second), prev: must(first).cid },
        { type: 'ok', at: start + 1, op: must(first).op, seq: head + 2 },
        { type: 'ok', at: start + 1, op: must(second).op, seq: head + 1 },
      ]
    },
  },
  {
    name: 'a pipelined send stored after one that was refused',
    violates: 'I9',
    plant: (events) => {
      const start = lastTime(events) + 1
      const [first, second] = laterSends(events, start).map((send) => ({ ...send, user: 'u1' }))
      return [
        ...append(events, QUIET, entryOf(must(second))),
        must(first),
        { ...must(second), prev: must(first).cid },
        { type: 'fail', at: start + 1, op: must(first).op, code: 'forbidden' },
        { type: 'ok', at: start + 1, op: must(second).op, seq: finals(events, QUIET).length + 1 },
      ]
    },
  },
  {
    name: "a history read that misses one's own acknowledged send",
    violates: 'I10',
    plant: (events) => {
      const conv = pickRecv(events, { float: () => 0 }).conv
      const at = lastTime(events) + 1
      const stale = {
        type: 'history' as const,
        at,
        until: at + 1,
        session: 'fresh',
        user: 'u1',
        conv,
        entries: [],
      }
      return [...events, { ...stale, head: 1 }]
    },
  },
  {
    name: 'a history head that goes back',
    violates: 'I10',
    plant: (events) => {
      const at = lastTime(events) + 1
      const read = { type: 'history' as const, session: 'fresh', user: 'reader', conv: QUIET, entries: [] }
      return [
        ...events,
        { ...read, at, until: at + 1, head: 5 },
        { ...read, at: at + 2, until: at + 3, head: 4 },
      ]
    },
  },
  {
    name: 'a session stuck below the head',
    violates: 'I11',
    plant: (events) => {
      const last = must(events.findLast((event) => event.type === 'recv'))
      return events.filter(
        (event) =>
          (event.type !== 'recv' && event.type !== 'resume') ||
          event.session !== last.session ||
          event.conv !== last.conv ||
          (event.type === 'recv' ? event.seq : event.from) < last.seq - 2,
      )
    },
  },
  {
    name: 'a send whose outcome stays unknown',
    violates: 'I11',
    plant: (events) => {
      const send = sendOf(events, 'undecided')
      return [...events, send, { type: 'info', at: send.at + 1, op: send.op, reason: 'closed' }]
    },
  },
  {
    name: 'a change that is never confirmed',
    violates: 'I11',
    plant: (events) => [...events, { type: 'unconfirmed', at: lastTime(events), what: 'a removal (503)' }],
  },
  {
    name: 'a read position that goes back',
    violates: 'I12',
    plant: (events) => {
      const notice = must(events.findLast((event) => event.type === 'read' && event.seq > 0))
      return events.flatMap((event) =>
        event === notice && event.type === 'read'
          ? [event, { ...event, seq: event.seq - 1, asked: event.at + 0.1, at: event.at + 0.2 }]
          : [event],
      )
    },
  },
  {
    name: 'an unread count the log does not explain',
    violates: 'I12',
    plant: (events) =>
      events.map((event) =>
        event.type === 'unread' && event.user === 'u2' ? { ...event, unread: event.unread + 1 } : event,
      ),
  },
  {
    name: 'devices that disagree about what was read',
    violates: 'I12',
    plant: (events) => {
      const rest = must(events.findLast((event) => event.type === 'unread'))
      return events.map((event) =>
        event === rest && event.type === 'unread' ? { ...event, read: event.read + 1 } : event,
      )
    },
  },
  ...accessFaults,
  {
    name: 'an entry without its dedupe row',
    violates: 'I16',
    plant: (events) => without(events, must(events.findLast((event) => event.type === 'dedupe'))),
  },
  {
    name: 'an entry in the next bucket before its own is full',
    violates: 'I16',
    plant: (events) => {
      const entry = must(finals(events, QUIET)[SYNTHETIC_BUCKET - 1])
      const dedupe = must(dedupeOf(events, entry))
      return events.map((event) =>
        event === entry || event === dedupe ? ({ ...event, bucket: 1 } as DrillEvent) : event,
      )
    },
  },
]
