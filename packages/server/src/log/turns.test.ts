import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import type { Random } from '@tam/util'
import { CONTENDED_MS, TURN_COMMITS, Turns } from './turns.ts'

const HALF = { float: () => 0.5 } as unknown as Random

function turns(isShared = true) {
  const clock = new FakeClock()
  return { clock, turns: new Turns({ clock, random: HALF, isShared }) }
}

function win(ours: Turns, commits: number): void {
  for (let commit = 0; commit < commits; commit++) {
    ours.won(10)
  }
}

test('after a lost commit every own one ends a turn, for a while', () => {
  const { clock, turns: ours } = turns()
  win(ours, 1)
  expect(ours.isOver).toBe(false)
  ours.lost()
  clock.advance(CONTENDED_MS - 1)
  expect(ours.isOver).toBe(true)
  clock.advance(1)
  expect(ours.isOver).toBe(false)
})

test('while nobody shows himself a turn ends after so many commits', async () => {
  const { clock, turns: ours } = turns()
  win(ours, TURN_COMMITS - 1)
  expect(ours.isOver).toBe(false)
  win(ours, 1)
  expect(ours.isOver).toBe(true)
  const paused = ours.pause()
  clock.advance(20)
  await paused
  expect(ours.isOver).toBe(false)
})

test('a pause takes up to four times the commit before it, once, and a second at most', async () => {
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
  ours.won(10_000)
  void ours.pause()
  expect(clock.untilNext()).toBe(1_000)
})

test('alone on a log no turn ever ends', () => {
  const { turns: ours } = turns(false)
  win(ours, 10 * TURN_COMMITS)
  ours.lost()
  expect(ours.isOver).toBe(false)
})
