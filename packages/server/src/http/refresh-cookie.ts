import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { RefreshCookie } from '../config/public-address.ts'

/** The refresh token that the browser holds. */
export function readRefreshCookie(c: Context, cookie: RefreshCookie): string | undefined {
  return getCookie(c, cookie.name)
}

/** @param maxAge seconds */
export function setRefreshCookie(c: Context, cookie: RefreshCookie, token: string, maxAge: number): void {
  const attributes = `HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAge}${cookie.secure ? '; Secure' : ''}`
  c.header('set-cookie', `${cookie.name}=${token}; ${attributes}`)
}

export function clearRefreshCookie(c: Context, cookie: RefreshCookie): void {
  setRefreshCookie(c, cookie, '', 0)
}
