import { expect, test } from 'bun:test'
import type { Conversation, ConversationEntry, MessageEntry } from '@tam/protocol'
import { FakeClock, FakeServer } from '@tam/testkit'
import { must, seededRandom } from '@tam/util'
import { apply, applyRead, mergeSummary } from './apply.ts'
import { begin, prepend, restart, trim, UNREAD_CAP, type ConversationState } from './state.ts'

const at = '2026-01-01T00:00:00.000Z'

function message(seq: number, from: string, text = `tin ${seq}`): MessageEntry {
  return { type: 'message', seq, from, cid: `cid-${seq}`, at, id: `m${seq}`, text }
}

function conversation(head: number, changes: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1',
    kind: 'group',
    title: 'Nhóm Hà Nội',
    topic: '',
    public: false,
    peer: null,
    role: 'member',
    memberCount: 3,
    head,
    read: 0,
    unread: 0,
    lastMessage: null,
    createdAt: at,
    ...changes,
  }
}

const applyAll = (state: ConversationState, entries: readonly ConversationEntry[]) =>
  entries.reduce((folded, entry) => apply(folded, entry, 'an'), state)

test('[RS2] only the entry at cursor + 1 changes anything', () => {
  const state = begin(conversation(10))
  expect(apply(state, message(10, 'chi'), 'an')).toBe(state)
  expect(apply(state, message(12, 'chi'), 'an')).toBe(state)
  expect(apply(state, message(11, 'chi'), 'an')).toMatchObject({ cursor: 11, summary: { head: 11 } })
})

test('an entry of an unknown type moves the cursor and nothing else', () => {
  const state = begin(conversation(10, { unread: 4, read: 2 }))
  const unknown = { ...message(11, 'chi'), type: 'poll' } as unknown as ConversationEntry
  const after = apply(state, unknown, 'an')
  expect(after.cursor).toBe(11)
  expect(after.summary).toEqual({ ...state.summary, head: 11 })
})

test('[UNR-10] own messages and events never count as unread', () => {
  const event: ConversationEntry = { type: 'details', seq: 12, from: 'chi', cid: 'o', at, title: 'Tên mới' }
  const state = applyAll(begin(conversation(10, { read: 10 })), [
    message(11, 'an'),
    event,
    message(13, 'chi'),
  ])
  expect(state.summary).toMatchObject({ unread: 1, title: 'Tên mới', lastMessage: { seq: 13 } })
})

test('entries that a newer summary already counts are not counted again', () => {
  const told = conversation(12, { read: 10, unread: 2, lastMessage: message(12, 'chi') })
  const state = mergeSummary(begin(conversation(10, { read: 10 })), told, 'an')
  const after = applyAll(state, [message(11, 'chi'), message(12, 'chi')])
  expect(after.summary).toMatchObject({ unread: 2, head: 12 })
})

test('an answer older than what was applied keeps what came since', () => {
  const state = applyAll(begin(conversation(10, { read: 10 })), [message(11, 'chi'), message(12, 'chi')])
  const merged = mergeSummary(state, conversation(11, { read: 10, unread: 1, topic: 'mới' }), 'an')
  expect(merged.summary).toMatchObject({ head: 12, unread: 2, topic: 'mới', lastMessage: { seq: 12 } })
})

test('[RC1] the read position only moves forward, and the count follows from the entries', () => {
  const entries = [11, 12, 13].map((seq) => message(seq, 'chi'))
  const state = applyAll(begin(conversation(10, { read: 10 })), entries)
  const read = applyRead(state, 12, 'an')
  expect(read.summary).toMatchObject({ read: 12, unread: 1 })
  expect(applyRead(read, 11, 'an')).toBe(read)
})

test('a position before the entries at hand asks for a count', () => {
  const state = begin(conversation(10, { unread: 10 }))
  expect(applyRead(state, 4, 'an', 6)).toMatchObject({ recount: true, summary: { unread: 6 } })
  expect(applyRead(state, 10, 'an')).toMatchObject({ recount: false, summary: { unread: 0 } })
})

test('unread stops at "more than 99"', () => {
  const entries = Array.from({ length: 150 }, (_, index) => message(index + 1, 'chi'))
  expect(applyAll(begin(conversation(0)), entries).summary.unread).toBe(UNREAD_CAP)
})

test('a resync drops the entries and keeps a count that was still to be made', () => {
  const state = applyRead(begin(conversation(10, { unread: 9 })), 4, 'an')
  expect(restart(state, 10)).toMatchObject({ cursor: 10, tail: [], recount: true })
})

test('an older page is taken only where it fits', () => {
  const state = applyAll(begin(conversation(10)), [message(11, 'chi')])
  expect(prepend(state, [message(8, 'chi'), message(9, 'chi')], 50)).toBe(state)
  const longer = prepend(state, [message(9, 'chi'), message(10, 'chi')], 50)
  expect(longer.tail.map((entry) => entry.seq)).toEqual([9, 10, 11])
  expect(trim(longer, 2).tail.map((entry) => entry.seq)).toEqual([10, 11])
})

test('[UNR-11] stale apply: for any actions, folding the entries equals fetching anew (300 seeds)', () => {
  for (let seed = 1; seed <= 300; seed++) {
    checkStaleApply(seed)
  }
})

function checkStaleApply(seed: number): void {
  const random = seededRandom(seed)
  const below = (limit: number) => Math.floor(random.float() * limit)
  const server = new FakeServer(new FakeClock())
  const people = ['an', 'binh', 'chi']
  people.forEach((id) => server.store.addPerson(id, id))
  const stored = server.addConversation(people)
  const state = begin(server.store.summary(stored, 'an'))
  for (let action = below(40); action > 0; action--) {
    const dice = below(10)
    const from = must(people[below(people.length)])
    if (dice < 8) {
      server.send(stored, from, { cid: `cid-${seed}-${action}`, text: `tin ${action}` })
    } else {
      server.changeMember(stored.id, 'chi', stored.members.has('chi') ? 'removed' : 'added', 'binh')
    }
  }
  const read = below(stored.entries.length + 1)
  server.store.read(stored, 'an', read)
  const folded = applyRead(applyAll(state, stored.entries.slice(state.cursor)), read, 'an')
  expect({ seed, summary: folded.summary }).toEqual({ seed, summary: server.store.summary(stored, 'an') })
}
