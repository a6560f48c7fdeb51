import { isLoopback } from './addresses.ts'
import type { Config } from './config.ts'

/** What browsers call this server, and what follows from it. */
export interface PublicAddress {
  /** Origin for links, without a slash at the end. */
  readonly url: string
  /** Origins whose pages may talk to the server. */
  readonly origins: ReadonlySet<string>
  readonly cookie: RefreshCookie
  /** True when a browser that is not on this machine would send the refresh cookie unencrypted. */
  readonly insecure: boolean
}

export interface RefreshCookie {
  readonly name: '__Host-rt' | 'rt'
  readonly secure: boolean
}

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]']

/** @param port the one that is listened on, which differs from the configured one when that is 0 */
export function publicAddress(config: Pick<Config, 'publicUrl'>, port: number): PublicAddress {
  const {
    origin: url,
    protocol,
    hostname,
    port: publicPort,
  } = new URL(config.publicUrl ?? `http://localhost:${port}`)
  const local = isLocalHost(hostname)
  const aliases = local ? LOOPBACK_HOSTS.map((host) => originOf(protocol, host, publicPort)) : []
  const secure = protocol === 'https:' || local
  return {
    url,
    origins: new Set([url, ...aliases]),
    cookie: { name: secure ? '__Host-rt' : 'rt', secure },
    insecure: !secure,
  }
}

function originOf(protocol: string, host: string, port: string): string {
  return new URL(`${protocol}//${host}${port === '' ? '' : `:${port}`}`).origin
}

function isLocalHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    isLoopback(hostname.replace(/^\[|\]$/g, ''))
  )
}
