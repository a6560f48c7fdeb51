import { AppError } from '../errors.ts'

// Bun takes the origin of `request.url` from the Host header and leaves it out when that is malformed.
const ABSOLUTE = /^https?:\/\/[^/?#\s]+(?:[/?#]|$)/

/** @throws {AppError} invalid_request for a malformed Host or a NUL in path or query */
export function checkUrl(url: string): void {
  if (!ABSOLUTE.test(url) || !URL.canParse(url)) {
    throw new AppError('invalid_request', { detail: 'The Host header is malformed' })
  }
  if (url.includes('%00') || url.includes('\u0000')) {
    throw new AppError('invalid_request', { detail: 'The address contains U+0000' })
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
