/** Which bucket, and how to get in. */
export interface S3Target {
  /** Origin of the service, e.g. `https://s3.example.org`. */
  readonly endpoint: string
  readonly bucket: string
  /** Before every key; empty or with a slash at its end. */
  readonly prefix: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

const FORM = 's3://key:secret@host[:port]/bucket[/prefix][?region=us-east-1&tls=1]'
const URL_PARTS =
  /^s3:\/\/(?<key>[^:@/]+):(?<secret>[^@/]+)@(?<host>[^@/?]+)\/(?<bucket>[^/?]+)(?:\/(?<prefix>[^?]*))?(?:\?(?<query>.*))?$/
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const PREFIX = /^(?:(?!\.{1,2}\/)[\w.-]+\/)*$/
const PARAMETERS = ['region', 'tls']

/** An s3:// URL that cannot be meant; the message never holds the secret. */
export class S3UrlError extends Error {
  override name = 'S3UrlError'
}

/**
 * Reads an `s3://` URL. Key and secret are percent-encoded.
 * @throws {S3UrlError}
 */
export function parseS3Url(url: string): S3Target {
  const parts = URL_PARTS.exec(url)?.groups
  if (parts === undefined) {
    throw new S3UrlError(`must look like ${FORM}`)
  }
  const { key = '', secret = '', host = '', bucket = '', prefix = '', query = '' } = parts
  const parameters = readParameters(query)
  const tls = parameters.get('tls') ?? '1'
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  const origin = URL.parse(`${tls === '1' ? 'https' : 'http'}://${host}`)
  if (!origin || !BUCKET.test(bucket) || !PREFIX.test(folder) || !/^[01]$/.test(tls)) {
    throw new S3UrlError(`must look like ${FORM}`)
  }
  return {
    endpoint: origin.origin,
    bucket,
    prefix: folder,
    region: parameters.get('region') ?? 'us-east-1',
    accessKeyId: decode(key),
    secretAccessKey: decode(secret),
  }
}

function readParameters(query: string): Map<string, string> {
  const parameters = new Map(new URLSearchParams(query))
  for (const name of parameters.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw new S3UrlError(`"${name}" is not a parameter; there are ${PARAMETERS.join(', ')}`)
    }
  }
  return parameters
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new S3UrlError('key and secret must be percent-encoded')
  }
}
