export interface RedisAddress {
  readonly host: string
  readonly port: number
}

/** Where Redis is and how to enter. */
export interface RedisTarget {
  /** `cluster`: the addresses are any nodes of a Redis Cluster; the others are learned from them. */
  readonly kind: 'single' | 'cluster'
  readonly addresses: readonly RedisAddress[]
  readonly tls: boolean
  readonly username?: string
  readonly password?: string
  /** 0 on a cluster. */
  readonly database: number
}

/** The message is for the person who wrote the URL; it never shows the password. */
export class RedisUrlInvalid extends Error {
  override name = 'RedisUrlInvalid'
}

const FORMS = 'redis://[user:password@]host[:6379][/0], rediss:// for TLS, redis+cluster://host1,host2,host3'
const PORT_DEFAULT = 6_379
const DATABASE_MAX = 1_048_575

const SCHEMES: Readonly<Record<string, Pick<RedisTarget, 'kind' | 'tls'>>> = {
  redis: { kind: 'single', tls: false },
  rediss: { kind: 'single', tls: true },
  'redis+cluster': { kind: 'cluster', tls: false },
  'rediss+cluster': { kind: 'cluster', tls: true },
}

/** @throws {RedisUrlInvalid} */
export function parseRedisUrl(text: string): RedisTarget {
  const [, scheme = '', rest = ''] = /^([a-z+]+):\/\/(.*)$/i.exec(text.trim()) ?? []
  const form = SCHEMES[scheme.toLowerCase()]
  if (form === undefined) {
    throw new RedisUrlInvalid(`a Redis URL starts with redis:// or one of its kin: ${FORMS}`)
  }
  const at = rest.lastIndexOf('@')
  const [, hosts = '', path = '', tail = ''] = /^([^/?#]*)(?:\/([^?#]*))?(.*)$/.exec(rest.slice(at + 1)) ?? []
  if (tail !== '') {
    throw new RedisUrlInvalid(`a Redis URL has no "?" and no "#" (write them as %3F and %23): ${FORMS}`)
  }
  return {
    ...form,
    addresses: addressesOf(hosts, form.kind),
    ...credentialsOf(at < 0 ? '' : rest.slice(0, at)),
    database: databaseOf(path, form.kind),
  }
}

function addressesOf(hosts: string, kind: RedisTarget['kind']): RedisAddress[] {
  const addresses = hosts.split(',').map(addressOf)
  if (kind === 'single' && addresses.length > 1) {
    throw new RedisUrlInvalid('several hosts are a cluster: write redis+cluster://host1,host2,host3')
  }
  return addresses
}

function addressOf(text: string): RedisAddress {
  const [, ipv6, name, digits] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d+))?$/i.exec(text.trim()) ?? []
  const host = ipv6 ?? name
  if (host === undefined) {
    // What follows a colon may be a password whose host was forgotten.
    throw new RedisUrlInvalid(
      `"${text.trim().split(':', 1)[0]}…" is not a host with an optional port: ${FORMS}`,
    )
  }
  const port = digits === undefined ? PORT_DEFAULT : Number(digits)
  if (port < 1 || port > 65_535) {
    throw new RedisUrlInvalid(`port ${port} of ${host} is not between 1 and 65535`)
  }
  return { host, port }
}

function credentialsOf(text: string): { username?: string; password?: string } {
  const colon = text.indexOf(':')
  const username = decode(colon < 0 ? text : text.slice(0, colon))
  const password = colon < 0 ? '' : decode(text.slice(colon + 1))
  if (username !== '' && password === '') {
    throw new RedisUrlInvalid(
      'a Redis user needs a password: redis://user:password@host (or redis://:password@host)',
    )
  }
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new RedisUrlInvalid(
      'the user or the password of the Redis URL has a "%" that is not an escape: write it as %25',
    )
  }
}

function databaseOf(path: string, kind: RedisTarget['kind']): number {
  const database = path === '' ? 0 : Number(path)
  if (!/^\d*$/.test(path) || database > DATABASE_MAX) {
    throw new RedisUrlInvalid(`"/${path}" is not the number of a database: write /0, or nothing`)
  }
  if (kind === 'cluster' && database !== 0) {
    throw new RedisUrlInvalid(`a Redis Cluster has only database 0, not ${database}`)
  }
  return database
}
