import { beforeEach, describe, expect, test } from 'bun:test'
import { FakeWindow } from './fake-window.ts'
import { createRouter, type Router } from './router.ts'

const CHAT = { name: 'conversation', id: 'a' } as const
const OTHER = { name: 'conversation', id: 'b' } as const

let window: FakeWindow
let router: Router
let closed: string[]

beforeEach(() => {
  window = new FakeWindow()
  router = createRouter(window.asWindow())
  router.go(CHAT)
  closed = []
})

const cover = (name: string) => router.cover(() => closed.push(name))
const back = () => {
  window.history.back()
  return window.settle()
}

describe('[MOB-01] what covers the page of a phone', () => {
  test('Back closes the topmost and stays on the page', async () => {
    cover('panel')
    cover('dialog')
    await window.settle()
    await back()
    expect(closed).toEqual(['dialog'])
    await back()
    expect(closed).toEqual(['dialog', 'panel'])
    expect(router.route.get()).toEqual(CHAT)
    await back()
    expect(router.route.get()).toEqual({ name: 'home' })
  })

  test('what is closed otherwise leaves no entry to go back to', async () => {
    const uncover = cover('panel')
    await window.settle()
    uncover()
    await window.settle()
    expect(closed).toEqual([])
    await back()
    expect(router.route.get()).toEqual({ name: 'home' })
  })

  test('two that close together go at once', async () => {
    const [first, second] = [cover('panel'), cover('profile')]
    await window.settle()
    second()
    first()
    await window.settle()
    expect(window.at).toBe(1)
  })

  test('closed and opened in one turn, it keeps its entry', async () => {
    cover('panel')()
    cover('panel')
    await window.settle()
    expect(window.length).toBe(3)
    await back()
    expect(closed).toEqual(['panel'])
  })

  test('one that opens while another one is leaving is not closed by it', async () => {
    const uncover = cover('panel')
    await window.settle()
    uncover()
    await Promise.resolve()
    cover('dialog')
    await window.settle()
    expect(closed).toEqual([])
    await back()
    expect(closed).toEqual(['dialog'])
  })

  test('going elsewhere takes its place in the history', async () => {
    const uncover = cover('panel')
    await window.settle()
    router.go(OTHER)
    uncover()
    await window.settle()
    expect(router.route.get()).toEqual(OTHER)
    expect(closed).toEqual([])
    await back()
    expect(router.route.get()).toEqual(CHAT)
  })

  test('going elsewhere right after closing waits until the entry is gone', async () => {
    const uncover = cover('panel')
    await window.settle()
    uncover()
    await Promise.resolve()
    router.go(OTHER)
    await window.settle()
    expect(router.route.get()).toEqual(OTHER)
    await back()
    expect(router.route.get()).toEqual(CHAT)
  })

  test('Back from elsewhere skips entries of covers that are gone', async () => {
    cover('panel')
    cover('profile')
    await window.settle()
    router.go(OTHER)
    await window.settle()
    await back()
    expect(router.route.get()).toEqual(CHAT)
    expect(window.at).toBe(1)
  })

  test('Forward does not bring a closed one back', async () => {
    cover('panel')
    await window.settle()
    await back()
    window.history.forward()
    await window.settle()
    expect(window.at).toBe(1)
    expect(closed).toEqual(['panel'])
  })

  test('a page loaded anew is not covered', async () => {
    cover('panel')
    await window.settle()
    const anew = createRouter(window.asWindow())
    expect(window.history.state).toEqual({ depth: 2 })
    anew.back({ name: 'home' })
    await window.settle()
    expect(anew.route.get()).toEqual(CHAT)
  })
})
