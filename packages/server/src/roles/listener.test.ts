import { expect, test } from 'bun:test'
import { OpenAPIHono } from '@hono/zod-openapi'
import { FakeClock } from '@tam/testkit'
import type { ApiEnv } from '../http/context.ts'
import { createListener } from './listener.ts'
import { findPlaces } from './port.ts'

async function setUp() {
  const clock = new FakeClock()
  const { main: place } = findPlaces({ host: '127.0.0.1', port: 0, admin: undefined })
  const asked = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const api = new OpenAPIHono<ApiEnv>()
  api.get('/now', (c) => c.text('now'))
  api.get('/slow', async (c) => {
    asked.resolve()
    await gate.promise
    return c.text('answered')
  })
  const listener = createListener({ place, clock, api, gateway: undefined })
  await listener.start?.(new AbortController().signal)
  const get = (path: string) =>
    fetch(`http://127.0.0.1:${place.port}${path}`).then(
      (response) => response.text(),
      () => 'refused',
    )
  return { clock, listener, asked: asked.promise, answer: gate.resolve, get }
}

test('what is under way is answered before the end, and nobody new is let in', async () => {
  const { listener, asked, answer, get } = await setUp()
  expect(await get('/now')).toBe('now')
  const slow = get('/slow')
  await asked
  const stopped = listener.stop?.()
  expect(await get('/now')).toBe('refused')
  answer()
  expect(await slow).toBe('answered')
  await stopped
})

test('what takes too long is cut off', async () => {
  const { clock, listener, asked, get } = await setUp()
  const slow = get('/slow')
  await asked
  const stopped = listener.stop?.()
  clock.advance(5_000)
  await stopped
  expect(await slow).toBe('refused')
})
