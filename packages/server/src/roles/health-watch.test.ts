import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import pino from 'pino'
import type { Readiness } from '../lifecycle/health.ts'
import { HealthWatch, HEALTH_LOOK_MS } from './health-watch.ts'

test('the log says once when the server stops and begins to be ready, or to hear', () => {
  const clock = new FakeClock()
  const lines: string[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line).msg) })
  const state: { readiness: Readiness; isBusHealthy: boolean } = { readiness: 'ready', isBusHealthy: true }
  const health = {
    readiness: () => state.readiness,
    get isBusHealthy() {
      return state.isBusHealthy
    },
  }
  new HealthWatch({ clock, logger, health }).start()
  const saysAfter = (change: Partial<typeof state>) => {
    Object.assign(state, change)
    clock.advance(3 * HEALTH_LOOK_MS)
    return lines.splice(0)
  }
  expect(saysAfter({})).toEqual([])
  expect(saysAfter({ isBusHealthy: false })).toEqual([
    'the bus is not heard: what is new is found by reading the store',
  ])
  expect(saysAfter({ readiness: 'store-silent' })).toEqual(['not ready: the store does not answer'])
  expect(saysAfter({ readiness: 'ready', isBusHealthy: true })).toEqual(['ready', 'the bus is heard again'])
  expect(saysAfter({ readiness: 'draining' })).toEqual(['draining'])
})
