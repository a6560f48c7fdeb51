interface Address {
  readonly host: string
  readonly port: number
}

/** All addresses of the machine. */
const WILDCARDS: ReadonlySet<string> = new Set(['', '0.0.0.0', '::', '[::]', '::0', '0'])
/** May be either of these. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){1,3}|\[?::1\]?)$/i

/**
 * Whether listening on both could give one the other's connections: two sockets of one process may share a port, and
 * then the kernel deals connections out among them without a word.
 */
export function isSamePlace(a: Address, b: Address): boolean {
  if (a.port !== b.port || a.port === 0) {
    return false
  }
  const [host, other] = [a.host.toLowerCase(), b.host.toLowerCase()]
  const isNamed = host === 'localhost' || other === 'localhost'
  return (
    host === other ||
    WILDCARDS.has(host) ||
    WILDCARDS.has(other) ||
    (isNamed && LOOPBACK.test(host) && LOOPBACK.test(other))
  )
}
