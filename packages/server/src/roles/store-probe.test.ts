import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { StoreProbe } from './store-probe.ts'

test('a store is alive while it answers, and dead when it has been silent for ten seconds', async () => {
  const clock = new FakeClock()
  const store = { answers: true }
  const get = async () => {
    if (!store.answers) {
      throw new Error('no replicas')
    }
    return undefined
  }
  const probe = new StoreProbe({ get }, clock)
  expect(probe.isAlive()).toBe(false)
  await probe.start()
  const aliveAfter = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1_000)
      await Bun.sleep(0)
    }
    return probe.isAlive()
  }
  expect(await aliveAfter(30)).toBe(true)
  store.answers = false
  expect([await aliveAfter(9), await aliveAfter(1)]).toEqual([true, false])
  store.answers = true
  expect(await aliveAfter(1)).toBe(true)
  probe.stop()
})

test('a store that never answers is asked once, not once a second', async () => {
  const clock = new FakeClock()
  let asked = 0
  const get = () => {
    asked++
    return new Promise<undefined>(() => {})
  }
  const probe = new StoreProbe({ get }, clock)
  void probe.start()
  for (let second = 0; second < 20; second++) {
    clock.advance(1_000)
    await Bun.sleep(0)
  }
  expect([asked, probe.isAlive()]).toEqual([1, false])
})
