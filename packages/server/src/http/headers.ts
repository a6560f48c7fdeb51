import type { PublicAddress } from '../config/public-address.ts'

const HSTS = 'max-age=31536000; includeSubDomains'

/** For every answer; an answer's own value of a header stays. */
export function baseHeaders(address: Pick<PublicAddress, 'url'>): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    ...(address.url.startsWith('https:') ? { 'strict-transport-security': HSTS } : {}),
  }
}

/** For the page: what it may load, and from where. */
export function pageHeaders(address: Pick<PublicAddress, 'url'>): Readonly<Record<string, string>> {
  return {
    ...baseHeaders(address),
    'content-security-policy': pagePolicy(address),
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  }
}

function pagePolicy({ url }: Pick<PublicAddress, 'url'>): string {
  // 'self' covers the socket in current browsers only; older Safari wants it named.
  const socket = url.replace(/^http/, 'ws')
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self' ${socket}`,
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default dompurify',
  ].join('; ')
}

export function addMissing(headers: Headers, values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!headers.has(name)) {
      headers.set(name, value)
    }
  }
}
