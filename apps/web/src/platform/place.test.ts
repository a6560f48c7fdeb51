import { expect, test } from 'bun:test'
import { createPlace } from './place.ts'

function tab() {
  const values = new Map<string, string>()
  const storage = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  } as Storage
  return { values, storage: () => storage }
}

const kept = { conversation: 'a', seq: 40, below: -12 }

test('[PWA-03] the place in a conversation outlives a reload, once and there only', () => {
  const { storage } = tab()
  const before = createPlace(storage)
  before.watch(() => kept)
  before.keep()
  const after = createPlace(storage)
  expect(after.take('a')).toEqual(kept)
  expect(after.take('a')).toBeUndefined()
  before.keep()
  expect(after.take('b')).toBeUndefined()
  expect(after.take('a')).toBeUndefined()
})

test('at the live end, and after the conversation was left, nothing is kept', () => {
  const { storage, values } = tab()
  const place = createPlace(storage)
  place.watch(() => undefined)
  place.keep()
  place.watch(() => kept)()
  place.keep()
  expect(values.size).toBe(0)
})

test('forbidden or foreign storage is no place', () => {
  const { storage, values } = tab()
  values.set('tam.place', '{"conversation":1')
  expect(createPlace(storage).take('a')).toBeUndefined()
  const forbidden = createPlace(() => {
    throw new Error('SecurityError')
  })
  forbidden.watch(() => kept)
  forbidden.keep()
  expect(forbidden.take('a')).toBeUndefined()
})
