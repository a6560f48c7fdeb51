import { expect, test } from 'bun:test'
import { FakeClock } from '../../accounts/tests/fake-clock.ts'
import { SPACE_REST_MS, SpaceWatch } from './space-watch.ts'

test('a full disk is one line when it begins and one when it has ended, however small commits come through', () => {
  const clock = new FakeClock()
  const lines: string[] = []
  const note = (level: string) => (details: object, message?: string) =>
    void lines.push(`${level} ${JSON.stringify(details)} ${message}`)
  const logger = { error: note('error'), info: note('info') } as never
  const space = new SpaceWatch({ path: '/data/tam.db', clock, logger })
  const began = 'error {"path":"/data/tam.db"} no space left for the database: people cannot write'
  for (const isFull of [true, false, true, false, true]) {
    space.note(isFull)
    expect(space.isFull).toBe(isFull)
    clock.advance(SPACE_REST_MS - 1)
  }
  expect(lines).toEqual([began])
  space.note(false)
  clock.advance(SPACE_REST_MS)
  const ended = 'info {"path":"/data/tam.db"} the database has space again'
  expect(lines).toEqual([began, ended])
  clock.advance(10 * SPACE_REST_MS)
  space.note(true)
  expect(lines).toEqual([began, ended, began])
})
