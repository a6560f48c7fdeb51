import { expect, test } from 'bun:test'
import { Serial, mapLimited } from './parallel.ts'
import { expectCode } from './tests/expect-code.ts'

test('results come in the order of the items, with no more than the width at work', async () => {
  let working = 0
  let most = 0
  const results = await mapLimited([5, 1, 3, 0, 2, 4], 2, async (item) => {
    working++
    most = Math.max(most, working)
    for (let turn = 0; turn < item; turn++) {
      await Promise.resolve()
    }
    working--
    return item * 10
  })
  expect(results).toEqual([50, 10, 30, 0, 20, 40])
  expect(most).toBe(2)
})

test('calls for one key run one after another, whatever becomes of them; other keys do not wait', async () => {
  const serial = new Serial(10)
  const order: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = serial.run('a', async () => {
    await gate.promise
    order.push('a1')
    throw new Error('failed')
  })
  const second = serial.run('a', async () => void order.push('a2'))
  await serial.run('b', async () => void order.push('b1'))
  gate.resolve()
  await expect(first).rejects.toThrow('failed')
  await second
  expect(order).toEqual(['b1', 'a1', 'a2'])
})

test('one call too many for a key is refused', async () => {
  const serial = new Serial(2)
  const gate = Promise.withResolvers<void>()
  const calls = [1, 2].map(() => serial.run('a', () => gate.promise))
  await expectCode(
    serial.run('a', async () => {}),
    'unavailable',
  )
  gate.resolve()
  await Promise.all(calls)
  await serial.run('a', async () => {})
})
