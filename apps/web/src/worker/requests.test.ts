import { describe, expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { kindOfRequest } from './kind-of-request.ts'
import { openPage, PAGE_LIMIT_MS } from './open-page.ts'

const origin = 'https://chat.example.org'
const stored = new Set(['/', '/favicon.svg'])
const kind = (path: string, more: { mode?: RequestMode; method?: string } = {}) =>
  kindOfRequest({ method: 'GET', mode: 'cors', url: new URL(path, origin).href, ...more }, origin, stored)

describe('what the worker answers', () => {
  test('pages and files of the build', () => {
    for (const path of ['/', '/login', '/c/Abc123def456?at=5', '/i/token']) {
      expect([path, kind(path, { mode: 'navigate' })]).toEqual([path, 'page'])
    }
    for (const path of ['/assets/index-1a2b.js', '/favicon.svg']) {
      expect([path, kind(path)]).toEqual([path, 'file'])
    }
  })

  test('[PWA-04] never what carries data of a person, changes something, or is from elsewhere', () => {
    for (const path of ['/api/me', '/api/conversations', '/media/avatar', '/ws', '/sw.js', '/robots.txt']) {
      expect([path, kind(path)]).toEqual([path, 'other'])
      expect([path, kind(path, { mode: 'navigate' })]).toEqual([path, 'other'])
    }
    expect(kind('/login', { method: 'POST', mode: 'navigate' })).toBe('other')
    expect(kind('/assets/index-1a2b.js', { method: 'HEAD' })).toBe('other')
    expect(kind('https://evil.example/assets/index-1a2b.js')).toBe('other')
    expect(kind('/assets/index-1a2b.js?poison')).toBe('other')
  })
})

describe('opening a page', () => {
  const open = (network: () => Promise<Response>, shell: Response | undefined, clock = new FakeClock()) =>
    openPage({ fetch: network, stored: async () => shell, clock })
  const gone = () => Promise.reject(new TypeError('network'))
  const shell = () => new Response('đã lưu')

  test('the network first, whatever it answers but the failure of a server', async () => {
    for (const status of [200, 304, 404]) {
      const body = status === 304 ? null : 'từ mạng'
      const answer = await open(async () => new Response(body, { status }), shell())
      expect(answer.status).toBe(status)
    }
  })

  test('[OFF-03] the stored page when the network is gone or has no server behind it', async () => {
    expect(await (await open(gone, shell())).text()).toBe('đã lưu')
    const unavailable = async () => new Response('proxy', { status: 503 })
    expect(await (await open(unavailable, shell())).text()).toBe('đã lưu')
  })

  test('[PWA-02] the stored page when the network is slow', async () => {
    const clock = new FakeClock()
    const opening = open(() => new Promise<never>(() => {}), shell(), clock)
    clock.advance(PAGE_LIMIT_MS)
    expect(await (await opening).text()).toBe('đã lưu')
  })

  test('without a stored page the network has the word, also when it fails', async () => {
    const unavailable = async () => new Response('proxy', { status: 503 })
    expect((await open(unavailable, undefined)).status).toBe(503)
    expect(await open(gone, undefined).catch((error: unknown) => error)).toBeInstanceOf(TypeError)
  })
})
