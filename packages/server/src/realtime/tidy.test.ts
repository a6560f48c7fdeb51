import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { TIDY_CONNECTIONS_MAX, TIDY_HANDSHAKES, TIDY_QUIET_MS } from './limits.ts'
import { Tidy } from './tidy.ts'

function setUp() {
  const clock = new FakeClock()
  let collections = 0
  const tidy = new Tidy({ clock, collectGarbage: () => void collections++, defer: (turn) => turn() })
  const connect = (count: number, ready = count) => {
    for (let i = 0; i < count; i++) {
      tidy.onHandshake(ready)
    }
  }
  return { clock, tidy, connect, collections: () => collections }
}

test('a storm is collected as it goes, and once when it is over', () => {
  const { clock, tidy, connect, collections } = setUp()
  connect(TIDY_HANDSHAKES * 2 + 1)
  expect(collections()).toBe(2)
  tidy.sweep(1)
  expect(collections()).toBe(2)
  clock.advance(TIDY_QUIET_MS + 1)
  tidy.sweep(1)
  tidy.sweep(1)
  expect(collections()).toBe(3)
})

test('people who come now and then are no storm', () => {
  const { clock, tidy, connect, collections } = setUp()
  connect(10)
  clock.advance(TIDY_QUIET_MS + 1)
  tidy.sweep(10)
  expect(collections()).toBe(0)
})

test('with very many connections nobody waits for a collection', () => {
  const { clock, tidy, connect, collections } = setUp()
  connect(TIDY_HANDSHAKES * 2, TIDY_CONNECTIONS_MAX + 1)
  clock.advance(TIDY_QUIET_MS + 1)
  tidy.sweep(TIDY_CONNECTIONS_MAX + 1)
  expect(collections()).toBe(0)
})
