import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { Lifecycle, type Service, STEP_DEADLINE_MS } from './service.ts'

function setUp() {
  const clock = new FakeClock()
  const steps: string[] = []
  const errors: object[] = []
  const lifecycle = new Lifecycle({ clock, logger: { error: (details) => void errors.push(details) } })
  const service = (name: string, own: Partial<Service> = {}): Service => ({
    name,
    start: () => void steps.push(`start ${name}`),
    drain: () => void steps.push(`drain ${name}`),
    stop: () => void steps.push(`stop ${name}`),
    ...own,
  })
  const { signal } = new AbortController()
  return { clock, steps, errors, lifecycle, service, signal }
}

test('starts in order, drains and stops in the opposite order, once', async () => {
  const { lifecycle, service, steps, signal } = setUp()
  await lifecycle.start([service('kv'), service('gateway'), { name: 'idle' }], signal)
  await Promise.all([lifecycle.end(), lifecycle.end()])
  expect(steps).toEqual(['start kv', 'start gateway', 'drain gateway', 'drain kv', 'stop gateway', 'stop kv'])
})

test('a start that fails stops what had started, and says why', async () => {
  const { lifecycle, service, steps, signal } = setUp()
  const failing = service('gateway', { start: () => Promise.reject(new Error('port in use')) })
  await expect(lifecycle.start([service('kv'), failing, service('http')], signal)).rejects.toThrow(
    'port in use',
  )
  expect(steps).toEqual(['start kv', 'stop gateway', 'stop kv'])
})

test('a start that is aborted goes no further', async () => {
  const { lifecycle, service, steps } = setUp()
  const controller = new AbortController()
  const slow = service('kv', { start: () => controller.abort(new Error('told to end')) })
  await expect(lifecycle.start([slow, service('http')], controller.signal)).rejects.toThrow('told to end')
  expect(steps).toEqual(['stop kv'])
})

test('what fails or hangs is logged, and the others stop all the same', async () => {
  const { clock, lifecycle, service, steps, errors, signal } = setUp()
  const broken = service('http', { drain: () => Promise.reject(new Error('no')) })
  const hanging = service('gateway', { stop: () => new Promise(() => {}) })
  await lifecycle.start([service('kv'), hanging, broken], signal)
  const ended = lifecycle.end()
  await Bun.sleep(0)
  clock.advance(STEP_DEADLINE_MS)
  await ended
  expect(steps.slice(3)).toEqual(['drain gateway', 'drain kv', 'stop http', 'stop kv'])
  expect(errors).toHaveLength(2)
})
