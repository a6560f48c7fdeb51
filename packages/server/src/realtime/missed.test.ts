import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import type { Connection } from './hub/state.ts'
import { MISSED_AFTER_MS, MISSED_AT_ONCE, MISSED_EVERY_MS, MISSED_SPREAD_MS, Missed } from './missed.ts'

const FIRST_MS = MISSED_AFTER_MS + MISSED_SPREAD_MS / 2

function setUp(count: number) {
  const clock = new FakeClock()
  const told: number[] = []
  const connections = Array.from({ length: count }, (_, index) => {
    const socket = { send: () => void told.push(index) }
    return { phase: 'ready', socket } as unknown as Connection
  })
  const state = { isHealthy: true, discontinuity: () => {} }
  const missed = new Missed({
    clock,
    random: { float: () => 0.5, bytes: (length: number) => new Uint8Array(length) },
    bus: {
      isLossless: false,
      onDiscontinuity: (listener) => {
        state.discontinuity = listener
        return () => {
          state.discontinuity = () => {}
        }
      },
    },
    connections: { forEach: (visit) => connections.forEach(visit) },
    isBusHealthy: () => state.isHealthy,
  })
  missed.start()
  return { clock, told, connections, state, missed }
}

test('after a discontinuity everybody is told once, a few at a time', () => {
  const { clock, told, state } = setUp(MISSED_AT_ONCE * 2 + 1)
  state.discontinuity()
  state.discontinuity()
  clock.advance(FIRST_MS - 1)
  expect(told).toHaveLength(0)
  clock.advance(1)
  expect(told).toHaveLength(MISSED_AT_ONCE)
  clock.advance(MISSED_EVERY_MS)
  expect(told).toHaveLength(MISSED_AT_ONCE * 2)
  clock.advance(60_000)
  expect(new Set(told).size).toBe(told.length)
  expect(told).toHaveLength(MISSED_AT_ONCE * 2 + 1)
})

test('one that falls into a round is followed by another round', () => {
  const { clock, told, state } = setUp(MISSED_AT_ONCE * 2)
  state.discontinuity()
  clock.advance(FIRST_MS)
  state.discontinuity()
  clock.advance(60_000)
  expect(told).toHaveLength(MISSED_AT_ONCE * 4)
})

test('a bus that was silent without saying so counts as well; whoever is gone is not told', () => {
  const { clock, told, state, missed, connections } = setUp(2)
  missed.sweep()
  state.isHealthy = false
  missed.sweep()
  clock.advance(60_000)
  expect(told).toHaveLength(0)
  state.isHealthy = true
  missed.sweep()
  missed.sweep()
  Object.assign(connections[0]!, { phase: 'closed', socket: null })
  clock.advance(60_000)
  expect(told).toEqual([1])
  missed.stop()
  state.discontinuity()
  clock.advance(60_000)
  expect(told).toEqual([1])
})
