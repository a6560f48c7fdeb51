import { CLOSE } from '@tam/protocol'
import { FakeClock } from '@tam/testkit'
import { expect, test } from 'bun:test'
import pino from 'pino'
import { Connections } from './connections.ts'
import type { CatchUp } from './hub/catch-up.ts'
import { Connection, type Socket } from './hub/state.ts'
import { LOGIN_CHECK_SECONDS } from './limits.ts'
import { Sweep } from './sweep.ts'

const SECOND_MS = 1_000

const fails = (): never => {
  throw new Error('gone')
}

/** One connection that is kept alive, and the answers of the store to whether its login is active. */
function setUp(answers: (() => boolean)[]) {
  const clock = new FakeClock()
  clock.advance(60 * SECOND_MS)
  const connections = new Connections(() => {})
  const connection = new Connection('127.0.0.1', clock.monotonic() / SECOND_MS)
  const closedWith: number[] = []
  const socket = { getBufferedAmount: () => 0, close: (code: number) => void closedWith.push(code) }
  connection.socket = socket as unknown as Socket
  connection.sid = 'sid-1'
  connection.expiresAt = Infinity
  connection.loginCheckedAt = clock.monotonic() / SECOND_MS
  connections.add(connection)
  connections.admit(connection)
  const askedAt: number[] = []
  const began = clock.monotonic()
  const sweep = new Sweep({
    clock,
    logger: pino({ level: 'silent' }),
    connections,
    bus: { isLossless: false },
    logins: {
      async isActive() {
        askedAt.push((clock.monotonic() - began) / SECOND_MS)
        return answers.shift()?.() ?? true
      },
    },
    catchUp: { advance() {} } as unknown as CatchUp,
    onFailure() {},
    also() {},
  })
  sweep.start()
  const pass = async (seconds: number) => {
    for (let passed = 0; passed < seconds; passed++) {
      connection.validAt = clock.monotonic() / SECOND_MS
      clock.advance(SECOND_MS)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { connections, connection, closedWith, askedAt, pass }
}

test('a login is asked about now and then, and a connection whose login is active stays', async () => {
  const { closedWith, askedAt, pass } = setUp([])
  await pass(2 * LOGIN_CHECK_SECONDS)
  expect(askedAt).toEqual([LOGIN_CHECK_SECONDS, 2 * LOGIN_CHECK_SECONDS])
  expect(closedWith).toEqual([])
})

test('a login that was ended, and of which the bus said nothing, closes its connection', async () => {
  const { connections, closedWith, pass } = setUp([() => false])
  await pass(LOGIN_CHECK_SECONDS)
  expect(closedWith).toEqual([CLOSE.unauthenticated.code])
  expect(connections.size).toBe(0)
})

test('a store that does not answer ends no login, and is asked again a second later', async () => {
  const { closedWith, askedAt, pass } = setUp([fails, fails, () => false])
  await pass(LOGIN_CHECK_SECONDS + 1)
  expect(closedWith).toEqual([])
  await pass(1)
  const seconds = [LOGIN_CHECK_SECONDS, LOGIN_CHECK_SECONDS + 1, LOGIN_CHECK_SECONDS + 2]
  expect(askedAt).toEqual(seconds)
  expect(closedWith).toEqual([CLOSE.unauthenticated.code])
})

test('an answer about a login that was replaced meanwhile says nothing about the new one', async () => {
  const renew = () => {
    connection.sid = 'sid-2'
    return false
  }
  const { connection, closedWith, pass } = setUp([renew])
  await pass(LOGIN_CHECK_SECONDS)
  expect(closedWith).toEqual([])
})
