import { expect, test } from 'bun:test'
import { parseRoute, routePath, type Route } from './route.logic.ts'

const routes: Route[] = [
  { name: 'home' },
  { name: 'login' },
  { name: 'register' },
  { name: 'conversation', id: 'Xy_9-aBcDeFg' },
  { name: 'conversation', id: 'Xy_9-aBcDeFg', seq: 42 },
  { name: 'invite', token: 'wq8Zt3kLmN0pRs5v' },
]

test.each(routes)('[NAV-03] %o has a stable address', (route) => {
  expect(parseRoute(routePath(route))).toEqual(route)
})

test('a slash at the end changes nothing', () => {
  expect(parseRoute('/c/abc/')).toEqual({ name: 'conversation', id: 'abc' })
})

test.each([
  '/c',
  '/c/',
  '/c/a b',
  '/c/%2e%2e',
  '/c/abc/0',
  '/c/abc/x',
  '/c/abc/1/2',
  '/i/',
  '/i/a/b',
  '/nowhere',
  '/login/x',
  '/c/toolongtoolongtoolongxy',
])('%s leads nowhere', (path) => {
  expect(parseRoute(path)).toEqual({ name: 'not-found' })
})
