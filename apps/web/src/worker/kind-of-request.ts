import { ASSETS } from './shell.ts'

/** Paths that are never a page of the client; the server decides the same way. */
const NO_PAGE = /^\/(?:api|assets|media|ws)(?:\/|$)|\.[^/]*$/

/** Who answers a request: the network first, the stored files first, or the network as if there were no worker. */
export type KindOfRequest = 'page' | 'file' | 'other'

/**
 * Everything that carries a person's data, and everything from elsewhere, is `other`: the worker neither sees the
 * answer nor keeps it.
 * @param stored paths of the build's files outside of the folder of hashed names
 */
export function kindOfRequest(
  request: Pick<Request, 'method' | 'mode' | 'url'>,
  origin: string,
  stored: ReadonlySet<string>,
): KindOfRequest {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== origin) {
    return 'other'
  }
  if (request.mode === 'navigate') {
    return NO_PAGE.test(url.pathname) ? 'other' : 'page'
  }
  const isFile = url.pathname.startsWith(ASSETS) || stored.has(url.pathname)
  return isFile && url.search === '' ? 'file' : 'other'
}
