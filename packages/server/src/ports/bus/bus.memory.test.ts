import { expect, test } from 'bun:test'
import { busContract } from './bus.contract.ts'
import { MemoryBus } from './bus.memory.ts'

busContract('memory', async () => {
  const errors: unknown[] = []
  return { bus: new MemoryBus((error) => errors.push(error)), errors, settle: async () => {} }
})

test('a publication is delivered before publish returns', async () => {
  const bus = new MemoryBus(() => {})
  let heard = 0
  await bus.subscribe('a', () => heard++)
  bus.publish('a', '')
  expect(heard).toBe(1)
})
