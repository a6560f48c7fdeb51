import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import type { AppError } from '../errors.ts'
import { LocalUser, Room } from './hub/state.ts'
import { QUERIES_BURST, QUERIES_PER_SECOND } from './limits.ts'
import { HISTORY_COST, QueryLimit, syncCost } from './query-limit.ts'

const codeOf = (error: AppError) => error.code

test('a person has the burst, then the rate; others have theirs', async () => {
  const clock = new FakeClock()
  const limit = new QueryLimit({ clock, defer: (turn) => turn(), rateLimitScale: 1 })
  const [an, binh] = [new LocalUser('an'), new LocalUser('binh')]
  for (let i = 0; i < QUERIES_BURST; i++) {
    await limit.admit(an, HISTORY_COST)
  }
  expect(await limit.admit(an, HISTORY_COST).catch(codeOf)).toBe('rate_limited')
  await limit.admit(binh, HISTORY_COST)
  clock.advance(1_000)
  for (let i = 0; i < QUERIES_PER_SECOND; i++) {
    await limit.admit(an, HISTORY_COST)
  }
  expect(await limit.admit(an, HISTORY_COST).catch(codeOf)).toBe('rate_limited')
})

test('every device of a person with very many conversations may sync at once', async () => {
  const user = new LocalUser('an')
  user.rooms = Array.from({ length: 1_000 }, (_, i) => new Room(`c${i}`, null))
  const limit = new QueryLimit({ clock: new FakeClock(), defer: (turn) => turn(), rateLimitScale: 1 })
  for (let device = 0; device < 9; device++) {
    await limit.admit(user, syncCost(user))
  }
  expect(await limit.admit(user, syncCost(user)).catch(codeOf)).toBe('rate_limited')
})
