const FORM = 'unix:///path/to/socket'

/** A `unix:` URL that cannot be meant. */
export class RemoteKvUrlError extends Error {
  override name = 'RemoteKvUrlError'
}

/** The path in a `unix:` URL. @throws {RemoteKvUrlError} */
export function parseRemoteKvUrl(url: string): string {
  const path = /^unix:\/\/(\/[^?#]+)$/.exec(url)?.[1]
  if (path === undefined) {
    throw new RemoteKvUrlError(`must look like ${FORM}`)
  }
  return path
}
