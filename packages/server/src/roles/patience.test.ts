import { expect, test } from 'bun:test'
import { FakeClock, seededRandom } from '@tam/testkit'
import pino from 'pino'
import { UnknownOutcome } from '../ports/kv/kv.ts'
import { patiently, PATIENCE_MS } from './patience.ts'
import { endOf, StartError } from './start-errors.ts'

function setUp() {
  const clock = new FakeClock()
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  return { clock, lines, deps: { clock, random: seededRandom(1), logger } }
}

/** Lets time pass until the promise has settled. */
async function settled<Value>(clock: FakeClock, promise: Promise<Value>): Promise<Value | Error> {
  const results: (Value | Error)[] = []
  promise.then(
    (value) => results.push(value),
    (error: Error) => results.push(error),
  )
  for (;;) {
    const [result] = results
    if (result !== undefined) {
      return result
    }
    clock.advance(1_000)
    await Bun.sleep(0)
  }
}

test('a store that answers late is waited for, with a line each time', async () => {
  const { clock, lines, deps } = setUp()
  let attempts = 0
  const work = async () => {
    if (++attempts < 4) {
      throw new UnknownOutcome('no replicas')
    }
    return 'served'
  }
  expect(await settled(clock, patiently(deps, work))).toBe('served')
  expect(lines).toHaveLength(3)
  expect(lines[0]).toContain('no replicas')
})

test('a store that stays silent ends the start, to be tried again', async () => {
  const { clock, deps } = setUp()
  const error = await settled(
    clock,
    patiently(deps, () => Promise.reject(new UnknownOutcome('no replicas'))),
  )
  expect(clock.monotonic()).toBeGreaterThanOrEqual(PATIENCE_MS)
  expect(endOf(error)).toMatchObject({ code: 75, message: expect.stringContaining('no replicas') })
})

test('uploads that are away are waited for too, and end the start with what they said', async () => {
  const { clock, lines, deps } = setUp()
  const away = new StartError('the bucket gives no answer', { mayPass: true })
  expect(
    await settled(
      clock,
      patiently(deps, () => Promise.reject(away)),
    ),
  ).toBe(away)
  expect(clock.monotonic()).toBeGreaterThanOrEqual(PATIENCE_MS)
  expect(lines[0]).toContain('the bucket gives no answer')
})

test('what waiting cannot mend is thrown at once', async () => {
  const { clock, deps } = setUp()
  const bug = new Error('a bug')
  expect(
    await settled(
      clock,
      patiently(deps, () => Promise.reject(bug)),
    ),
  ).toBe(bug)
  expect(endOf(bug)).toBeUndefined()
})
