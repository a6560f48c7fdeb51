import type { Fetch } from '../rest/http.ts'

/**
 * A `fetch` with what a browser has by itself and Bun and Node have not: the cookies of one server, and the
 * `Origin` that proves that no other site made the call.
 */
export function cookieFetch(send: Fetch): Fetch {
  const cookies = new Map<string, string>()
  return async (url, init) => {
    const headers = new Headers(init.headers)
    headers.set('origin', new URL(url).origin)
    if (cookies.size > 0) {
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    }
    const response = await send(url, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      keep(cookies, line)
    }
    return response
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';')
  const at = pair.indexOf('=')
  const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
  const gone = value === '' || attributes.some((attribute) => /^\s*max-age=(0|-\d+)\s*$/i.test(attribute))
  if (gone) {
    cookies.delete(name)
  } else {
    cookies.set(name, value)
  }
}
