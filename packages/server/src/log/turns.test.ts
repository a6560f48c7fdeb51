import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { CONTENDED_MS, Turns } from './turns.ts'

function turns() {
  const clock = new FakeClock()
  return { clock, turns: new Turns(clock, { float: () => 0.5 } as never) }
}

test('nobody is in the way until a commit is lost, and for a while after the last one', () => {
  const { clock, turns: ours } = turns()
  ours.won(10)
  expect(ours.isContended).toBe(false)
  ours.lost()
  clock.advance(CONTENDED_MS - 1)
  expect(ours.isContended).toBe(true)
  clock.advance(1)
  expect(ours.isContended).toBe(false)
})

test('an own commit is followed by one pause of up to four times its duration; a lost one by none', async () => {
  const { clock, turns: ours } = turns()
  ours.won(10)
  const paused = ours.pause()
  expect(clock.untilNext()).toBe(20)
  clock.advance(20)
  await paused
  await ours.pause()
  ours.won(10)
  ours.lost()
  await ours.pause()
  expect(clock.pending).toBe(0)
})

test('no pause is longer than a second', () => {
  const { clock, turns: ours } = turns()
  ours.won(10_000)
  void ours.pause()
  expect(clock.untilNext()).toBe(1_000)
})
