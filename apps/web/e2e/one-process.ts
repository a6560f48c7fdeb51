import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Backend } from './real-server.ts'

const MAIN = join(import.meta.dir, '../../../packages/server/src/main.ts')
const WITH_BUILD = join(import.meta.dir, 'serve-build.ts')
const READY = /Tám is ready: (\S+)/

/** The program on embedded engines, on a free port and an empty data directory. */
export class OneProcess implements Backend {
  readonly #data = mkdtempSync(join(tmpdir(), 'tam-e2e-'))
  #child: Bun.Subprocess<'ignore', 'pipe', 'inherit'> | undefined
  #url = ''
  /** Folder of the web client from the next start on, instead of the repository's. */
  webRoot: string | undefined

  static async start(): Promise<OneProcess> {
    const server = new OneProcess()
    await server.restart()
    return server
  }

  get url(): string {
    return this.#url
  }

  /** Starts on the same data and, after the first time, the same port. */
  async restart(): Promise<void> {
    const port = this.#url === '' ? '0' : new URL(this.#url).port
    const program = this.webRoot === undefined ? [MAIN, 'serve'] : [WITH_BUILD, this.webRoot]
    this.#child = Bun.spawn([process.execPath, ...program], {
      env: {
        ...withoutSettings(process.env),
        TAM_PORT: port,
        TAM_DATA_DIR: this.#data,
        TAM_RATE_LIMIT_SCALE: '1000',
        TAM_LOG_LEVEL: 'error',
      },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'inherit',
    })
    const decoder = new TextDecoder()
    let said = ''
    for await (const chunk of this.#child.stdout) {
      said += decoder.decode(chunk, { stream: true })
      const found = READY.exec(said)?.[1]
      if (found !== undefined) {
        this.#url = found
        return
      }
    }
    throw new Error(`the server did not start: ${said}`)
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#child?.exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    rmSync(this.#data, { recursive: true, force: true })
  }
}

/** The environment without settings that were meant for another server, or for the tests. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TAM_')))
}
