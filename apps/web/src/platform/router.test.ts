import { beforeEach, expect, test } from 'bun:test'
import { FakeWindow } from './fake-window.ts'
import { createRouter } from './router.ts'

let window: FakeWindow

beforeEach(() => {
  window = new FakeWindow()
})

const start = () => createRouter(window.asWindow())
const back = () => {
  window.history.back()
  return window.settle()
}

test('[NAV-03] going changes the address; Back returns to the previous conversation', async () => {
  const router = start()
  router.go({ name: 'conversation', id: 'a' })
  router.go({ name: 'conversation', id: 'b' })
  expect(window.location.pathname).toBe('/c/b')
  await back()
  expect(router.route.get()).toEqual({ name: 'conversation', id: 'a' })
})

test('going where one is adds no entry', () => {
  const router = start()
  router.go({ name: 'conversation', id: 'a' })
  router.go({ name: 'conversation', id: 'a' })
  expect(window.length).toBe(2)
})

test('replace takes the place of the current entry', async () => {
  const router = start()
  router.go({ name: 'login' })
  router.go({ name: 'conversation', id: 'a' }, { replace: true })
  expect(window.length).toBe(2)
  await back()
  expect(router.route.get()).toEqual({ name: 'home' })
})

test('[MOB-01] back from a link opened in a new tab goes to the fallback, not out of the application', () => {
  window.history.replaceState(null, '', '/c/a')
  const router = start()
  router.back({ name: 'home' })
  expect(router.route.get()).toEqual({ name: 'home' })
  expect(window.length).toBe(1)
})

test('[ONB-05] an invitation opened while signed out is where signing in leads, by way of registration too', () => {
  window.history.replaceState(null, '', '/i/token')
  const router = start()
  router.go({ name: 'login' })
  router.go({ name: 'register' })
  expect(router.intended()).toEqual({ name: 'invite', token: 'token' })
})

test('listeners hear every change once', () => {
  const router = start()
  let changes = 0
  router.route.subscribe(() => changes++)
  router.go({ name: 'login' })
  expect(changes).toBe(1)
})
