import { beforeEach, describe, expect, test } from 'bun:test'
import type { ConnectionState } from '@tam/client'
import { FakeClock } from '@tam/testkit'
import { GRACE_MS } from '../../platform/reachable.ts'
import { createState, type State } from '../../platform/state.ts'
import { BACK_MS, createBanner, type Banner } from './banner.logic.ts'

let clock: FakeClock
let connection: State<ConnectionState>
let shown: () => Banner
let stop: () => void

beforeEach(() => {
  clock = new FakeClock()
  connection = createState<ConnectionState>({ status: 'connected', since: clock.now() })
  const banner = createBanner(connection, clock)
  stop = banner.subscribe(() => {})
  shown = banner.get
})

const lose = (retryInMs: number) =>
  connection.set({
    status: 'waiting',
    since: clock.now(),
    retryAt: clock.now() + retryInMs,
    attempt: 1,
    reason: 'network',
  })
const regain = () => connection.set({ status: 'connected', since: clock.now() })

describe('[OFF-01]', () => {
  test('a loss of 3 s shows nothing, not even afterwards', () => {
    lose(10_000)
    clock.advance(3_000)
    expect(shown().kind).toBe('none')
    regain()
    expect(shown().kind).toBe('none')
    clock.advance(10_000)
    expect(shown().kind).toBe('none')
  })

  test('after 4 s it counts down to the next attempt', () => {
    lose(10_000)
    clock.advance(GRACE_MS + 1_000)
    expect(shown()).toEqual({ kind: 'lost', seconds: 5 })
    clock.advance(2_000)
    expect(shown()).toEqual({ kind: 'lost', seconds: 3 })
  })

  test('while an attempt runs it has no number', () => {
    lose(10_000)
    clock.advance(5_000)
    connection.set({ status: 'connecting', attempt: 2 })
    expect(shown()).toEqual({ kind: 'lost', seconds: null })
  })

  test('several attempts are one outage', () => {
    lose(1_000)
    clock.advance(1_500)
    connection.set({ status: 'connecting', attempt: 2 })
    clock.advance(1_500)
    lose(5_000)
    clock.advance(2_000)
    expect(shown().kind).toBe('lost')
  })

  test('regained says so for 2 s', () => {
    lose(10_000)
    clock.advance(6_000)
    regain()
    expect(shown()).toEqual({ kind: 'back' })
    clock.advance(BACK_MS + 1_000)
    expect(shown()).toEqual({ kind: 'none' })
  })
})

test('a connection that will not come back says why', () => {
  connection.set({ status: 'stopped', reason: 'replaced' })
  expect(shown()).toEqual({ kind: 'stopped', reason: 'replaced' })
  connection.set({ status: 'stopped', reason: 'signed-out' })
  expect(shown()).toEqual({ kind: 'none' })
})

test('[M4] no timer runs while nothing is wrong, nor after the last listener went', () => {
  expect(clock.pending).toBe(0)
  lose(10_000)
  expect(clock.pending).toBe(1)
  regain()
  expect(clock.pending).toBe(0)
  lose(10_000)
  stop()
  expect(clock.pending).toBe(0)
})
