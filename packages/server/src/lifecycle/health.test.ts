import { expect, test } from 'bun:test'
import { Health, HEADS_FRESH_MS } from './health.ts'

test('ready while the store answers and entries are heard of or found', () => {
  const state = { store: true, bus: true, ageMs: 0 }
  const health = new Health({
    isStoreAlive: () => state.store,
    isBusHealthy: () => state.bus,
    headCheckAgeMs: () => state.ageMs,
  })
  const becomes = (change: Partial<typeof state>) => {
    Object.assign(state, change)
    return health.readiness()
  }
  expect(becomes({})).toBe('ready')
  expect(becomes({ bus: false })).toBe('ready')
  expect(becomes({ ageMs: HEADS_FRESH_MS })).toBe('deaf')
  expect(becomes({ bus: true })).toBe('ready')
  expect(becomes({ store: false })).toBe('store-silent')
  expect(becomes({ store: true })).toBe('ready')
  health.beginDraining()
  expect([health.readiness(), health.isReady]).toEqual(['draining', false])
})
