import { BlockList, isIP } from 'node:net'

/** Says whether an address belongs to a proxy whose X-Forwarded-For counts. */
export type TrustedProxies = (address: string) => boolean

const UNKNOWN = 'unknown'
/** Characters of X-Forwarded-For that are looked at, from its end. */
const FORWARDED_MAX = 1_024

/** The rightmost address that is no trusted proxy; the peer itself unless it is one. */
export function clientAddress(headers: Headers, peer: string | undefined, isTrusted: TrustedProxies): string {
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

/**
 * Trusts the given addresses and CIDR ranges.
 * @throws {RangeError} for text that is neither
 */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits, ...rest] = range.split('/')
    const family = isIP(address)
    const width = family === 4 ? 32 : 128
    const prefix = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity
    if (family === 0 || prefix > width || rest.length > 0) {
      throw new RangeError(`${range} is not an address or CIDR range`)
    }
    list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6')
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

/** True for 127.0.0.0/8 and ::1. */
export const isLoopback: TrustedProxies = trustedProxies(['127.0.0.0/8', '::1'])

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
