/** Which cluster, and how to get in. */
export interface CassandraTarget {
  /** `host` or `host:port`; IPv6 as `[::1]:9042`. Any of them leads to the whole cluster. */
  readonly contactPoints: readonly string[]
  /** The data centre whose nodes are asked. */
  readonly localDataCenter: string
  readonly keyspace: string
  readonly credentials?: { readonly username: string; readonly password: string }
  readonly tls?: CassandraTls
  /** Replicas of every row, for a keyspace that does not exist yet; min(3, nodes) when left out. */
  readonly replicationFactor?: number
}

export interface CassandraTls {
  /** PEM file of the authority to trust; the system's own when left out. */
  readonly caPath?: string
}

const DEFAULT_DATA_CENTER = 'datacenter1'
const FORM =
  'cassandra://user:password@host1:9042,host2:9042/keyspace?dc=datacenter1&tls=1&ca=/path/to/ca.pem&rf=3'
const URL_PARTS =
  /^cassandra:\/\/(?:(?<user>[^:@/]+):(?<password>[^@/]*)@)?(?<hosts>[^@/?]+)\/(?<keyspace>[^/?]*)(?:\?(?<query>.*))?$/
const HOST = /^(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::(?<port>\d{1,5}))?$/
/** A name that CQL takes without quotes; 48 characters is the server's limit. */
const KEYSPACE = /^[a-z][a-z0-9_]{0,47}$/
const PARAMETERS = ['dc', 'tls', 'ca', 'rf']
const REPLICAS_MAX = 9

/** A TAM_KV_URL that cannot be meant; the message never holds the password. */
export class CassandraUrlError extends Error {
  override name = 'CassandraUrlError'
}

/**
 * Reads a `cassandra://` URL. User name and password are percent-encoded.
 * @throws {CassandraUrlError}
 */
export function parseCassandraUrl(url: string): CassandraTarget {
  const parts = URL_PARTS.exec(url)?.groups
  if (parts === undefined) {
    throw new CassandraUrlError(`must look like ${FORM}`)
  }
  const { user, password, hosts = '', keyspace = '', query = '' } = parts
  const parameters = readParameters(query)
  return {
    contactPoints: readHosts(hosts),
    localDataCenter: parameters.get('dc') ?? DEFAULT_DATA_CENTER,
    keyspace: readKeyspace(keyspace),
    ...(user === undefined ? {} : { credentials: readCredentials(user, password ?? '') }),
    ...readTls(parameters),
    ...readReplicas(parameters.get('rf')),
  }
}

function readHosts(hosts: string): string[] {
  const points = hosts.split(',')
  for (const point of points) {
    const port = HOST.exec(point)?.groups?.port
    if (!HOST.test(point) || (port !== undefined && (Number(port) === 0 || Number(port) > 65_535))) {
      // Behind the colon may be a password, where the host was forgotten.
      const shown = point.replace(/:.*/, ':…')
      throw new CassandraUrlError(`"${shown}" is not a host or host:port; it must look like ${FORM}`)
    }
  }
  return points
}

function readKeyspace(keyspace: string): string {
  if (!KEYSPACE.test(keyspace)) {
    const rule = 'a lower-case letter and then up to 47 of a-z, 0-9 and _'
    // Not shown: with a "/" in a password it would be the rest of that.
    throw new CassandraUrlError(`the keyspace must be ${rule}; it must look like ${FORM}`)
  }
  return keyspace
}

function readCredentials(user: string, password: string): { username: string; password: string } {
  try {
    return { username: decodeURIComponent(user), password: decodeURIComponent(password) }
  } catch {
    throw new CassandraUrlError('user name and password must be percent-encoded')
  }
}

function readParameters(query: string): Map<string, string> {
  const parameters = new Map(new URLSearchParams(query))
  for (const name of parameters.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw new CassandraUrlError(`"${name}" is not a parameter; there are ${PARAMETERS.join(', ')}`)
    }
  }
  return parameters
}

function readTls(parameters: ReadonlyMap<string, string>): { tls?: CassandraTls } {
  const [tls, caPath] = [parameters.get('tls') ?? '0', parameters.get('ca')]
  if (tls !== '0' && tls !== '1') {
    throw new CassandraUrlError('"tls" must be 0 or 1')
  }
  if (caPath !== undefined && tls === '0') {
    throw new CassandraUrlError('"ca" needs tls=1')
  }
  return tls === '0' ? {} : { tls: caPath === undefined ? {} : { caPath } }
}

function readReplicas(text: string | undefined): { replicationFactor?: number } {
  if (text === undefined) {
    return {}
  }
  const replicationFactor = Number(text)
  if (!/^\d$/.test(text) || replicationFactor < 1) {
    throw new CassandraUrlError(`"rf" must be a number from 1 to ${REPLICAS_MAX}`)
  }
  return { replicationFactor }
}
