import { expect, test } from 'bun:test'
import { parseOptions } from './options.ts'

test('without a word it is the fleet on SQLite, for ten minutes', () => {
  expect(parseOptions(['--seed', '7'])).toEqual({
    drill: 'fleet',
    store: { engine: 'sqlite' },
    minutes: 10,
    mode: 'safety',
    rate: 150,
    users: 20,
    seed: 7,
    bug: undefined,
    bucket: undefined,
    history: undefined,
  })
})

test('three nodes of Cassandra, a fraction of a minute, liveness', () => {
  const options = parseOptions(['--kv', 'cassandra', '--minutes', '0.5', '--mode', 'liveness'])
  expect(options).toMatchObject({
    drill: 'fleet',
    store: { engine: 'cassandra', nodes: 3 },
    minutes: 0.5,
    mode: 'liveness',
  })
})

test('the embedded drill and the planted faults have their own defaults', () => {
  expect(parseOptions(['--embedded'])).toMatchObject({ drill: 'embedded', rounds: 50, rate: 600 })
  expect(parseOptions(['--bugs', '--bug', 'none'])).toMatchObject({
    drill: 'bugs',
    bug: 'none',
    rate: 600,
    fleet: { rate: 150 },
  })
})

test('what is not understood is said', () => {
  expect(() => parseOptions(['--kv', 'redis'])).toThrow('--kv must be sqlite or cassandra, not redis')
  expect(() => parseOptions(['--minutes', '0'])).toThrow('--minutes must be a number above 0, not 0')
  expect(() => parseOptions(['--rate', '1.5'])).toThrow('--rate must be a whole number from 1, not 1.5')
  expect(() => parseOptions(['--nonsense'])).toThrow()
})
