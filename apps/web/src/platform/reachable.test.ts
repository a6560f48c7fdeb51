import { expect, test } from 'bun:test'
import type { ConnectionState } from '@tam/client'
import { FakeClock } from '@tam/testkit'
import { createReachable, GRACE_MS } from './reachable.ts'
import { createState } from './state.ts'

const waiting: ConnectionState = { status: 'waiting', since: 0, retryAt: 0, attempt: 1, reason: 'network' }
const connecting: ConnectionState = { status: 'connecting', attempt: 1 }
const connected: ConnectionState = { status: 'connected', since: 0 }

function start() {
  const clock = new FakeClock()
  const connection = createState<ConnectionState>({ status: 'idle' })
  return { clock, connection, reachable: createReachable(connection, clock) }
}

test('[OFF-03] several attempts are one outage, which counts from the fourth second until it ends', () => {
  const { clock, connection, reachable } = start()
  connection.set(connecting)
  clock.advance(GRACE_MS / 2)
  connection.set(waiting)
  expect(reachable.get()).toBe(true)
  clock.advance(GRACE_MS / 2)
  expect(reachable.get()).toBe(false)
  connection.set(connecting)
  expect(reachable.get()).toBe(false)
  connection.set(connected)
  expect(reachable.get()).toBe(true)
})

test('[OFF-01] a short loss is none, and leaves no timer behind', () => {
  const { clock, connection, reachable } = start()
  connection.set(waiting)
  clock.advance(GRACE_MS - 1)
  connection.set(connected)
  clock.advance(GRACE_MS)
  expect([reachable.get(), clock.pending]).toEqual([true, 0])
})
