import type { Clock } from '@tam/util'
import { ASSETS, PAGE, type Shell } from './shell.ts'

/** How long the files of a replaced build stay for tabs that still run it. */
export const KEEP_REPLACED_MS = 7 * 86_400_000
/** Replaced builds that are kept; of more, the one replaced first goes. */
export const REPLACED_MAX = 8

const PREFIX = 'tam-shell-'
/** When the build of a cache was replaced, in milliseconds. No page or file is called so. */
const REPLACED = '/.replaced'

export interface ShellCachesDependencies {
  readonly caches: CacheStorage
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly clock: Pick<Clock, 'now'>
  readonly origin: string
}

/** One cache for each build, with nothing in it but bytes whose digest the build wrote down. */
export class ShellCaches {
  readonly #deps: ShellCachesDependencies
  readonly #shell: Shell

  constructor(shell: Shell, dependencies: ShellCachesDependencies) {
    this.#shell = shell
    this.#deps = dependencies
  }

  /**
   * Fetches what is not there yet; a repetition goes on where an attempt ended.
   * @throws {TypeError} when a file cannot be had, or is not what was built
   */
  async install(): Promise<void> {
    const cache = await this.#open()
    await Promise.all(
      this.#shell.files.map(async ([path, integrity]) => {
        if ((await cache.match(this.#url(path))) === undefined) {
          await cache.put(this.#url(path), await this.#obtain(path, integrity))
        }
      }),
    )
  }

  /** The file at `path`, of this build or of one that a tab may still run. */
  async file(path: string): Promise<Response | undefined> {
    const own = await (await this.#open()).match(this.#url(path), { ignoreVary: true })
    return own ?? (path.startsWith(ASSETS) ? this.#ofAnyBuild(path) : undefined)
  }

  page(): Promise<Response | undefined> {
    return this.file(PAGE)
  }

  /** This build is the one in use: the others are kept for a while, and not for ever. */
  async takeOver(): Promise<void> {
    await (await this.#open()).delete(this.#url(REPLACED))
    const replaced = await Promise.all(
      (await this.#names())
        .filter((name) => name !== this.#name)
        .map(async (name) => ({ name, at: await this.#replacedAt(name) })),
    )
    const newestFirst = replaced.toSorted((a, b) => b.at - a.at)
    const oldest = this.#deps.clock.now() - KEEP_REPLACED_MS
    const gone = newestFirst.filter(({ at }, index) => at < oldest || index >= REPLACED_MAX)
    await Promise.all(gone.map(({ name }) => this.#deps.caches.delete(name)))
  }

  get #name(): string {
    return PREFIX + this.#shell.build
  }

  #open(): Promise<Cache> {
    return this.#deps.caches.open(this.#name)
  }

  async #names(): Promise<string[]> {
    return (await this.#deps.caches.keys()).filter((name) => name.startsWith(PREFIX))
  }

  #url(path: string): string {
    return this.#deps.origin + path
  }

  /** A file that did not change between builds is not fetched again. */
  async #obtain(path: string, integrity: string): Promise<Response> {
    const held = path.startsWith(ASSETS) ? await this.#ofAnyBuild(path) : undefined
    return held ?? (await this.#fetchVerified(path, integrity))
  }

  async #ofAnyBuild(path: string): Promise<Response | undefined> {
    for (const name of await this.#names()) {
      const cache = await this.#deps.caches.open(name)
      const held = await cache.match(this.#url(path), { ignoreVary: true })
      if (held !== undefined) {
        return held
      }
    }
    return undefined
  }

  /** A captive portal's page, an error or another build's file is refused by its digest. */
  async #fetchVerified(path: string, integrity: string): Promise<Response> {
    const response = await this.#deps.fetch(this.#url(path), {
      integrity,
      credentials: 'omit',
      redirect: 'error',
      cache: path.startsWith(ASSETS) ? 'default' : 'no-cache',
    })
    if (response.status !== 200) {
      throw new TypeError(`${path} answered ${response.status}`)
    }
    return response
  }

  async #replacedAt(name: string): Promise<number> {
    const cache = await this.#deps.caches.open(name)
    const noted = await cache.match(this.#url(REPLACED))
    if (noted !== undefined) {
      return Number(await noted.text())
    }
    const now = this.#deps.clock.now()
    await cache.put(this.#url(REPLACED), new Response(String(now)))
    return now
  }
}
