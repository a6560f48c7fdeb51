import { expect, test } from 'bun:test'
import { FakeClock } from './fake-clock.ts'

test('timers run in the order they are due, at their moment', () => {
  const clock = new FakeClock(0)
  const ran: string[] = []
  const note = (name: string) => () => ran.push(`${name} at ${clock.monotonic()}`)
  clock.after(20, note('b'))
  clock.after(10, note('a'))
  clock.after(20, note('c'))
  clock.every(15, note('every'))
  clock.advance(30)
  expect(ran).toEqual(['a at 10', 'every at 15', 'b at 20', 'c at 20', 'every at 30'])
})

test('a timer set by a timer runs in the same advance when it is due', () => {
  const clock = new FakeClock(0)
  const ran: number[] = []
  clock.after(10, () => clock.after(5, () => ran.push(clock.monotonic())))
  clock.advance(20)
  expect(ran).toEqual([15])
})

test('a cancelled timer does not run, and cancelling twice is harmless', () => {
  const clock = new FakeClock(0)
  const cancel = clock.every(10, () => {
    throw new Error('it ran')
  })
  cancel()
  cancel()
  clock.advance(100)
  expect(clock.pending).toBe(0)
})

test('a jump moves wall time only', () => {
  const clock = new FakeClock(1_000)
  clock.after(10, () => undefined)
  clock.jump(3_600_000)
  expect([clock.now(), clock.monotonic(), clock.untilNext()]).toEqual([3_601_000, 0, 10])
})
