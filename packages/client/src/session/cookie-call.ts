import type { HttpCall } from '../rest/http.ts'

/** The lock of the tabs under which the refresh cookie is used. */
export const REFRESH_LOCK = 'tam-refresh'

/** A call that is proven by the refresh cookie. */
export function cookieCall(path: string): HttpCall {
  return { method: 'POST', path, json: {}, headers: { 'x-tam': '1' } }
}
