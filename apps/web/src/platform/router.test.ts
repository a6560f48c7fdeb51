import { beforeEach, expect, test } from 'bun:test'
import { createRouter, type RouterWindow } from './router.ts'

/** A window with a history of its own. */
class FakeWindow {
  readonly #entries: { path: string; state: unknown }[] = [{ path: '/', state: null }]
  #at = 0
  #onPop: (() => void) | undefined
  readonly location = { pathname: '/' }
  readonly history = {
    state: null as unknown,
    pushState: (state: unknown, _: string, path: string) => {
      this.#entries.splice(this.#at + 1, Infinity, { path, state })
      this.#show(this.#at + 1)
    },
    replaceState: (state: unknown, _: string, path: string) => {
      this.#entries[this.#at] = { path, state }
      this.#show(this.#at)
    },
    back: () => {
      this.#show(Math.max(0, this.#at - 1))
      this.#onPop?.()
    },
  }

  addEventListener(_: string, listener: () => void): void {
    this.#onPop = listener
  }

  get length(): number {
    return this.#entries.length
  }

  #show(at: number): void {
    this.#at = at
    this.location.pathname = this.#entries[at]!.path
    this.history.state = this.#entries[at]!.state
  }
}

let window: FakeWindow

beforeEach(() => {
  window = new FakeWindow()
})

const start = () => createRouter(window as unknown as RouterWindow)

test('[NAV-03] going changes the address; Back returns to the previous conversation', () => {
  const router = start()
  router.go({ name: 'conversation', id: 'a' })
  router.go({ name: 'conversation', id: 'b' })
  expect(window.location.pathname).toBe('/c/b')
  window.history.back()
  expect(router.route.get()).toEqual({ name: 'conversation', id: 'a' })
})

test('going where one is adds no entry', () => {
  const router = start()
  router.go({ name: 'conversation', id: 'a' })
  router.go({ name: 'conversation', id: 'a' })
  expect(window.length).toBe(2)
})

test('replace takes the place of the current entry', () => {
  const router = start()
  router.go({ name: 'login' })
  router.go({ name: 'conversation', id: 'a' }, { replace: true })
  expect(window.length).toBe(2)
  window.history.back()
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
