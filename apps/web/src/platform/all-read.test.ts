import { expect, test } from 'bun:test'
import type { Conversation } from '@tam/protocol'
import { FakeClock } from '@tam/testkit'
import { AllRead, UNDO_MS } from './all-read.ts'
import { createState } from './state.ts'

const conversation = (id: string, head: number, unread: number) => ({ id, head, unread }) as Conversation

function setUp(...list: Conversation[]) {
  const conversations = createState<readonly Conversation[] | undefined>(list)
  const marked: [string, number][] = []
  const clock = new FakeClock()
  const allRead = new AllRead({ conversations, clock, markRead: (...given) => marked.push(given) })
  const unread = () => allRead.get()?.map((one) => one.unread)
  return { conversations, marked, clock, allRead, unread }
}

test('[UNR-07] everything shows as read at once and is marked when the time to undo is over', () => {
  const { marked, clock, allRead, unread } = setUp(conversation('a', 9, 3), conversation('b', 4, 0))
  expect(allRead.mark()).toBe(1)
  expect(unread()).toEqual([0, 0])
  clock.advance(UNDO_MS - 1)
  expect(marked).toEqual([])
  clock.advance(1)
  expect(marked).toEqual([['a', 9]])
})

test('[UNR-07] undone, nothing was ever marked', () => {
  const { marked, clock, allRead, unread } = setUp(conversation('a', 9, 3))
  allRead.mark()
  allRead.undo()
  expect(unread()).toEqual([3])
  clock.advance(2 * UNDO_MS)
  expect(marked).toEqual([])
})

test('[UNR-07] what arrives meanwhile is unread, and stays so', () => {
  const { conversations, marked, clock, allRead, unread } = setUp(conversation('a', 9, 3))
  allRead.mark()
  conversations.set([conversation('a', 11, 5)])
  expect(unread()).toEqual([2])
  clock.advance(UNDO_MS)
  expect(marked).toEqual([['a', 9]])
})

test('[UNR-07] beyond what is counted exactly, only something new shows again', () => {
  const { conversations, allRead, unread } = setUp(conversation('a', 900, 100))
  allRead.mark()
  expect(unread()).toEqual([0])
  conversations.set([conversation('a', 901, 100)])
  expect(unread()).toEqual([100])
})

test('[UNR-07] leaving the application is the end of second thoughts; with nothing unread nothing happens', () => {
  const { marked, clock, allRead } = setUp(conversation('a', 9, 3))
  allRead.mark()
  allRead.commit()
  clock.advance(UNDO_MS)
  expect(marked).toEqual([['a', 9]])
  expect(setUp(conversation('a', 9, 0)).allRead.mark()).toBe(0)
})

test('the list is the same object until something changes', () => {
  const { allRead } = setUp(conversation('a', 9, 3))
  expect(allRead.get()).toBe(allRead.get())
  let changes = 0
  const stop = allRead.subscribe(() => changes++)
  allRead.mark()
  expect(changes).toBe(1)
  expect(allRead.get()).toBe(allRead.get())
  stop()
  allRead.undo()
  expect(changes).toBe(1)
})
