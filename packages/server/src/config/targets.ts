import { fileURLToPath } from 'node:url'
import { parseS3Url, type S3Target } from '../ports/blobs/blobs.s3.target.ts'
import { type CassandraTarget, parseCassandraUrl } from '../ports/kv/kv.cassandra.target.ts'
import { parseRemoteKvUrl } from '../ports/kv/kv.remote.target.ts'

/** Where the rows are. */
export type StoreTarget =
  | { readonly kind: 'sqlite'; /** Of the file. */ readonly path: string }
  | { readonly kind: 'cassandra'; readonly cluster: CassandraTarget }
  | {
      readonly kind: 'remote'
      /** Of the Unix socket of the process that owns the store. */ readonly path: string
    }

/** Where uploads are. */
export type BlobsTarget =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 's3'; readonly bucket: S3Target }

/** A URL that names nothing this program knows; the message never holds a password. */
export class TargetError extends Error {
  override name = 'TargetError'
}

/** @throws {TargetError | CassandraUrlError | RemoteKvUrlError} */
export function parseStoreUrl(url: string): StoreTarget {
  const [, scheme = '', path = ''] = /^([a-z]+):(?:\/\/)?(.*)$/.exec(url) ?? []
  switch (scheme) {
    case 'sqlite':
      return { kind: 'sqlite', path: required(path, 'sqlite:/path/to/tam.db') }
    case 'cassandra':
      return { kind: 'cassandra', cluster: parseCassandraUrl(url) }
    case 'unix':
      return { kind: 'remote', path: parseRemoteKvUrl(url) }
    default:
      throw new TargetError(
        'must start with cassandra:// (Cassandra or ScyllaDB), sqlite: (a file) or unix:// (a store that another process serves)',
      )
  }
}

/** @throws {TargetError | S3UrlError} */
export function parseBlobsUrl(url: string): BlobsTarget {
  if (url.startsWith('s3:')) {
    return { kind: 's3', bucket: parseS3Url(url) }
  }
  if (url.startsWith('file:///')) {
    return { kind: 'directory', path: pathOf(url) }
  }
  throw new TargetError(
    'must start with s3:// (a bucket) or file:/// (a directory that all API servers share)',
  )
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url)
  } catch {
    throw new TargetError('must look like file:///path/to/uploads')
  }
}

/** True when other processes may use the same store at the same time. */
export function isShared(store: StoreTarget): boolean {
  return store.kind !== 'sqlite'
}

function required(path: string, form: string): string {
  if (path === '' || path.includes('?')) {
    throw new TargetError(`must look like ${form}`)
  }
  return path
}
