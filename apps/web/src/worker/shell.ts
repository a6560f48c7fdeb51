/** What the application needs to open without a server: the files of one build. The build writes it into the worker. */
export interface Shell {
  /** Names the build; the page carries the same name in `<meta name="tam-build">`. */
  readonly build: string
  /** Paths with the digest of their bytes, as subresource integrity writes it. */
  readonly files: readonly (readonly [path: string, integrity: string])[]
}

/** The path that every page of the client is answered with. */
export const PAGE = '/'
/** Files whose names change with their content. */
export const ASSETS = '/assets/'
