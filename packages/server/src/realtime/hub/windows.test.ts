import { expect, test } from 'bun:test'
import { WINDOW_ENTRIES_MAX, WINDOW_IDLE_MS } from '../limits.ts'
import { Room } from './state.ts'
import { firstOf, Windows } from './windows.ts'

function roomAt(head: number): Room {
  const room = new Room('conv', null)
  room.next = head + 1
  room.published = head
  return room
}

function fill(windows: Windows, room: Room, count: number): void {
  for (let i = 0; i < count; i++) {
    windows.append(room, `entry ${room.next}`)
  }
}

test('holds the newest entries, at least WINDOW_ENTRIES_MAX of them, and answers for what it holds alone', () => {
  const windows = new Windows()
  const room = roomAt(10)
  fill(windows, room, 1_000)
  room.published = 1_010
  fill(windows, room, 1_000)
  expect(room.next).toBe(2_011)
  expect(firstOf(room)).toBeLessThanOrEqual(2_011 - WINDOW_ENTRIES_MAX)
  expect(windows.slice(room, 2_009, 2_010, 0)).toEqual(['entry 2009', 'entry 2010'])
  expect(windows.slice(room, 1, 2, 0)).toBeUndefined()
  expect(windows.slice(room, 2_010, 2_011, 0)).toBeUndefined()
})

test('never drops what is not published', () => {
  const windows = new Windows(1)
  const room = roomAt(0)
  fill(windows, room, 3)
  room.published = 1
  windows.evict(Infinity)
  expect(room.window).toEqual(['entry 2', 'entry 3'])
  room.published = 3
  windows.evict(Infinity)
  expect(room.window).toBeNull()
  expect(windows.units).toBe(0)
})

test('drops windows that nobody used lately, and the coldest first when there is too much', () => {
  const windows = new Windows(40)
  const [cold, warm] = [roomAt(0), roomAt(0)]
  fill(windows, cold, 3)
  fill(windows, warm, 3)
  cold.published = warm.published = 3
  expect(windows.isOverBudget).toBe(true)
  windows.evict(0)
  expect([cold.window, warm.window?.length]).toEqual([null, 3])
  windows.evict(WINDOW_IDLE_MS + 1)
  expect(warm.window).toBeNull()
})

test('older entries go in front', () => {
  const windows = new Windows()
  const room = roomAt(4)
  windows.prepend(room, ['entry 3', 'entry 4'])
  fill(windows, room, 1)
  expect(windows.slice(room, 3, 5, 0)).toEqual(['entry 3', 'entry 4', 'entry 5'])
  windows.clear(room)
  expect(windows.units).toBe(0)
})
