import { must } from '@tam/util'
import type { DownloadEvent, DrillEvent } from './event.ts'
import { type PlantedFault, lastTime, pickRecv, without } from './planted-edits.ts'
import { ATTACHMENT, AWAY_DEVICE, LIVE_LOGS, REMOVED } from './synthetic.ts'

/* What reaches people who may not have it, or does not reach those who are owed it outside of a connection. */

export const accessFaults: readonly PlantedFault[] = [
  {
    name: 'an entry delivered to who was removed',
    violates: 'I13',
    plant: (events, random) => {
      const { session, conv, at } = pickRecv(events, random)
      return [...events, removal(conv, ownerOf(events, session), at - 2_100)]
    },
  },
  {
    name: 'an entry delivered long after a removal beside a fault',
    violates: 'I13',
    plant: (events, random) => {
      const { session, conv, at } = pickRecv(events, random)
      const fault: DrillEvent = { type: 'fault', at: at - 20_000, until: at - 19_000, name: 'pause chat-1' }
      return [...events, fault, removal(conv, ownerOf(events, session), at - 15_100)]
    },
  },
  {
    name: 'history read by who was removed',
    violates: 'I13',
    plant: (events) => {
      const at = lastTime(events)
      const [conv, session] = [must(LIVE_LOGS[0]), 'phiên mới']
      const read = { type: 'history' as const, at, until: at + 1, session, user: REMOVED, conv }
      return [...events, { type: 'session', session, user: REMOVED }, { ...read, entries: [], head: 1 }]
    },
  },
  {
    name: 'an entry delivered after a logout',
    violates: 'I13',
    plant: (events, random) => {
      const { session, at } = pickRecv(events, random)
      return [...events, { type: 'revoke', at: at - 2_100, session }]
    },
  },
  {
    name: 'an absent person who was never told',
    violates: 'I14',
    plant: (events) => without(events, must(events.findLast((event) => event.type === 'push'))),
  },
  {
    name: 'a message shown twice on one device',
    violates: 'I14',
    plant: (events) => [...events, must(events.find((event) => event.type === 'push'))],
  },
  {
    name: 'a message shown long after it was read',
    violates: 'I14',
    plant: (events) => {
      const read = must(events.findLast((event) => event.type === 'read' && event.seq > 0))
      return read.type === 'read' ? [...events, show(read, read.at + 30_100)] : []
    },
  },
  {
    name: 'a message shown to who was removed',
    violates: 'I14',
    plant: (events) => {
      const about = { user: REMOVED, conv: must(LIVE_LOGS[0]), seq: 2 }
      return [...events, show(about, lastTime(events))]
    },
  },
  {
    name: 'an attachment that came back changed',
    violates: 'I15',
    plant: (events) => events.map((event) => (isServed(event) ? { ...event, sha: 'khác' } : event)),
  },
  {
    name: 'an attachment that a member cannot get',
    violates: 'I15',
    plant: (events) =>
      events.map((event) => (isServed(event) ? { ...event, status: 404, sha: 'không có' } : event)),
  },
  {
    name: 'an attachment that others can get',
    violates: 'I15',
    plant: (events) =>
      events.map((event) =>
        event.type === 'download' && event.status === 404
          ? { ...event, status: 200, sha: ATTACHMENT.sha }
          : event,
      ),
  },
]

function ownerOf(events: readonly DrillEvent[], session: string): string {
  const owner = events.find((event) => event.type === 'session' && event.session === session)
  return owner?.type === 'session' ? owner.user : ''
}

function removal(conv: string, user: string, until: number): DrillEvent {
  return { type: 'membership', at: until - 5, until, conv, user, change: 'removed' }
}

function show({ user, conv, seq }: { user: string; conv: string; seq: number }, at: number): DrillEvent {
  const device = user === REMOVED ? 'điện thoại của u6' : `${AWAY_DEVICE} và ${user}`
  return { type: 'push', at, device, user, conv, seq, action: 'show' }
}

function isServed(event: DrillEvent): event is DownloadEvent {
  return event.type === 'download' && event.status === 200
}
