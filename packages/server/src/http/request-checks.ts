import { AppError } from '../errors.ts'

// Bun takes the origin of `request.url` from the Host header and leaves it out when that is malformed.
const ABSOLUTE = /^https?:\/\/[^/?#\s]+(?:[/?#]|$)/

/** @throws {AppError} invalid_request for a malformed Host; for a NUL in path or query, bytes that are no UTF-8 in the query */
export function checkUrl(url: string): void {
  if (!ABSOLUTE.test(url) || !URL.canParse(url)) {
    throw new AppError('invalid_request', { detail: 'The Host header is malformed' })
  }
  if (url.includes('%00') || url.includes('\u0000')) {
    throw new AppError('invalid_request', { detail: 'The address contains U+0000' })
  }
  const query = url.indexOf('?')
  if (query !== -1 && !isUtf8(url.slice(query))) {
    throw new AppError('invalid_request', { detail: 'The query is not valid UTF-8' })
  }
}

/** Of percent-encoded text; what does not decode would be taken for U+FFFD. */
function isUtf8(encoded: string): boolean {
  try {
    decodeURIComponent(encoded)
    return true
  } catch {
    return false
  }
}

/** @throws {AppError} origin_refused for pages of other origins; requests without an Origin come from no such page */
export function checkOrigin(headers: Headers, allowed: ReadonlySet<string>): void {
  const origin = headers.get('origin')
  if (origin !== null && !allowed.has(origin)) {
    throw new AppError('origin_refused', {
      detail: 'Open the address in TAM_PUBLIC_URL, or set it to this one',
    })
  }
}

/**
 * For the two calls that a cookie authenticates: only our own pages, and programs that are no browser.
 * @throws {AppError} origin_refused
 */
export function checkSameOrigin(headers: Headers): void {
  const site = headers.get('sec-fetch-site')
  if ((site !== null && site !== 'same-origin') || headers.get('x-tam') !== '1') {
    throw new AppError('origin_refused', {
      detail: 'The header X-Tam: 1 is needed, from a page of this origin',
    })
  }
}
