import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import pino from 'pino'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import { admit, FORMAT_LOOK_MS, FormatWatch } from './format.ts'

const admitted = async (kv: MemoryKv) => (await kv.get('server', 'format'))?.value
const refusal = (promise: Promise<void>) =>
  promise.then(
    () => 'none',
    (error: Error) => error.message,
  )

test('servers of neighbouring formats work side by side, in any order of starts', async () => {
  const kv = new MemoryKv(new FakeClock())
  await Promise.all([admit(kv, { own: 1, beside: 1 }), admit(kv, { own: 2, beside: 1 })])
  await admit(kv, { own: 1, beside: 1 })
  expect(await admitted(kv)).toBe('1')
})

test('a server that others would misread shuts the older ones out, those that start and those that run', async () => {
  const clock = new FakeClock()
  const kv = new MemoryKv(clock)
  const old = { own: 1, beside: 1 }
  await admit(kv, old)
  let shutOuts = 0
  const watch = new FormatWatch({
    kv,
    clock,
    logger: pino({ level: 'silent' }),
    onShutOut: () => void shutOuts++,
    formats: old,
  })
  watch.start()
  const pass = async () => {
    clock.advance(FORMAT_LOOK_MS)
    await Bun.sleep(0)
  }
  await pass()
  expect(shutOuts).toBe(0)
  await admit(kv, { own: 3, beside: 2 })
  await pass()
  await pass()
  expect(shutOuts).toBe(1)
  expect(await refusal(admit(kv, old))).toContain(
    'admits format 2 and later, this server speaks 1; start that version',
  )
  expect(await admitted(kv)).toBe('2')
})
