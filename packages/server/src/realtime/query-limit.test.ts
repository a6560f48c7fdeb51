import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { LocalUser, Room } from './hub/state.ts'
import { QUERIES_BURST, QUERIES_PER_SECOND } from './limits.ts'
import { HISTORY_COST, QueryLimit, syncCost } from './query-limit.ts'

test('a person has the burst, then the rate; others have theirs', () => {
  const clock = new FakeClock()
  const limit = new QueryLimit(clock, 1)
  const [an, binh] = [new LocalUser('an'), new LocalUser('binh')]
  for (let i = 0; i < QUERIES_BURST; i++) {
    limit.charge(an, HISTORY_COST)
  }
  expect(() => limit.charge(an, HISTORY_COST)).toThrow('Too many requests')
  limit.charge(binh, HISTORY_COST)
  clock.advance(1_000)
  for (let i = 0; i < QUERIES_PER_SECOND; i++) {
    limit.charge(an, HISTORY_COST)
  }
  expect(() => limit.charge(an, HISTORY_COST)).toThrow('Too many requests')
})

test('every device of a person with very many conversations may sync at once', () => {
  const user = new LocalUser('an')
  user.rooms = Array.from({ length: 1_000 }, (_, i) => new Room(`c${i}`, null))
  const limit = new QueryLimit(new FakeClock(), 1)
  for (let device = 0; device < 9; device++) {
    limit.charge(user, syncCost(user))
  }
  expect(() => limit.charge(user, syncCost(user))).toThrow('Too many requests')
})
