import { AppError } from '../errors.ts'
import { problemResponse } from './problem.ts'
import { type StaticAsset, loadAssets } from './static-assets.ts'

/** Serves the built web client. */
export interface Site {
  /** The answer, or undefined when the path is not the site's. */
  respond(request: Request): Response | undefined
}

const PAGE = '/index.html'
/** The build names these after their content. */
const IMMUTABLE = '/assets/'
/** Paths that are never a page of the client, though no route knows them. */
const NO_PAGE = /^\/(?:api|assets|media|ws)(?:\/|$)|\.[^/]*$/

/**
 * Holds the build in memory.
 * @param headers for every answer, e.g. the content security policy
 * @returns undefined when `root` holds no built client
 */
export async function openSite(
  root: string,
  headers: Readonly<Record<string, string>>,
): Promise<Site | undefined> {
  const assets = await loadAssets(root)
  const page = assets.get(PAGE)
  return (
    page && {
      respond(request) {
        const path = pathOf(request.url)
        const asset = assets.get(path) ?? (NO_PAGE.test(path) ? undefined : page)
        return asset && answer(request, asset, path.startsWith(IMMUTABLE), headers)
      },
    }
  )
}

function answer(
  request: Request,
  asset: StaticAsset,
  immutable: boolean,
  headers: Readonly<Record<string, string>>,
): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const refusal = problemResponse(new AppError('method_not_allowed'))
    refusal.headers.set('allow', 'GET, HEAD')
    return refusal
  }
  const common = {
    ...headers,
    etag: asset.etag,
    vary: 'Accept-Encoding',
    'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  }
  if (request.headers.get('if-none-match')?.includes(asset.etag)) {
    return new Response(null, { status: 304, headers: common })
  }
  const encoding = negotiate(request.headers.get('accept-encoding') ?? '', asset)
  const body = asset[encoding] ?? asset.identity
  return new Response(request.method === 'HEAD' ? null : body, {
    headers: {
      ...common,
      'content-type': asset.contentType,
      'content-length': String(body.length),
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    },
  })
}

function negotiate(accepted: string, asset: StaticAsset): 'br' | 'gzip' | 'identity' {
  if (asset.br && accepts(accepted, 'br')) {
    return 'br'
  }
  return asset.gzip && accepts(accepted, 'gzip') ? 'gzip' : 'identity'
}

function accepts(accepted: string, encoding: string): boolean {
  return accepted.split(',').some((part) => {
    const [name, weight = '1'] = part.trim().split(/\s*;\s*q=/)
    return name === encoding && Number(weight) > 0
  })
}

/** Decoded as little as possible: files have plain names, and anything else is a page. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  const end = url.slice(start).search(/[?#]/)
  return start === -1 ? '/' : end === -1 ? url.slice(start) : url.slice(start, start + end)
}
