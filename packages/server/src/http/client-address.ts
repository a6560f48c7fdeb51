import { isIP } from 'node:net'
import type { AddressSet } from '../config/addresses.ts'

const UNKNOWN = 'unknown'
/** Characters of X-Forwarded-For that are looked at, from its end. */
const FORWARDED_MAX = 1_024

/** The rightmost address that is no trusted proxy; the peer itself unless it is one. */
export function clientAddress(headers: Headers, peer: string | undefined, isTrusted: AddressSet): string {
  let address = parseAddress(peer ?? '') ?? UNKNOWN
  const forwarded = headers.get('x-forwarded-for')?.slice(-FORWARDED_MAX).split(',') ?? []
  while (forwarded.length > 0 && isTrusted(address)) {
    const next = parseAddress(forwarded.pop() ?? '')
    if (next === undefined) {
      break
    }
    address = next
  }
  return address
}

/** The address without brackets, port, zone or IPv4-in-IPv6 prefix; undefined when it is none. */
function parseAddress(text: string): string | undefined {
  const bare = text.trim().toLowerCase()
  const candidate = /^\[([^\]]+)\](?::\d+)?$/.exec(bare)?.[1] ?? /^([\d.]+):\d+$/.exec(bare)?.[1] ?? bare
  const address = candidate.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/, '')
  return isIP(address) === 0 ? undefined : address
}

/** What one subscriber controls: the IPv4 address itself, the /64 of an IPv6 address. */
export function subscriberOf(address: string): string {
  return isIP(address) === 6 ? ipv6Network(address) : address
}

/** The /24 of an IPv4 address, the /64 of an IPv6 address. */
export function networkOf(address: string): string {
  return isIP(address) === 4 ? `${address.slice(0, address.lastIndexOf('.'))}.0/24` : subscriberOf(address)
}

function ipv6Network(address: string): string {
  const [head = '', tail] = address.split('::')
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  const all = tail === undefined ? left : [...left, ...zeros, ...right]
  return `${all.slice(0, 4).join(':')}::/64`
}

function groups(part: string): string[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16).toString(16))
}
