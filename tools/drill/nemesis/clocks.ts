import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { debianProgram } from '../../engines/debian-package.ts'

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
]

/** Wall clocks of servers that can be moved while they run, by libfaketime; timers keep running as they do. */
export class Clocks {
  readonly #library: string
  readonly #directory: string

  private constructor(library: string, directory: string) {
    this.#library = library
    this.#directory = directory
  }

  /** @returns undefined where libfaketime cannot be had */
  static async find(directory: string): Promise<Clocks | undefined> {
    try {
      await debianProgram('faketime')
    } catch {
      return undefined
    }
    const library = LIBRARIES.find((path) => existsSync(path))
    if (library === undefined) {
      return undefined
    }
    mkdirSync(directory, { recursive: true })
    return new Clocks(library, directory)
  }

  /** What puts a server's clock under control. */
  envOf(server: string): Record<string, string> {
    this.set(server, 0)
    return {
      LD_PRELOAD: this.#library,
      FAKETIME_TIMESTAMP_FILE: this.#fileOf(server),
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
  }

  /** The server sees it within a second. */
  set(server: string, offsetMs: number): void {
    const seconds = offsetMs / 1_000
    writeFileSync(this.#fileOf(server), `${seconds < 0 ? '' : '+'}${seconds}`)
  }

  #fileOf(server: string): string {
    return join(this.#directory, server)
  }
}
