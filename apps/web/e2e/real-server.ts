import { ensureWebBuild } from '../../../tools/web-build.ts'
import { OneProcess } from './one-process.ts'
import { WholeFleet } from './whole-fleet.ts'

/** What people connect to, empty at its start. */
export interface Backend extends AsyncDisposable {
  readonly url: string
  /** SIGKILL of every server at once: nobody answers until `restart`, what was acknowledged stays. */
  kill(): Promise<void>
  /** On the same data and address. */
  restart(): Promise<void>
}

/**
 * The real program in processes of its own: one on embedded engines, or with TAM_TEST_E2E a fleet behind HAProxy, on
 * the store that it names as `npm run fleet -- --kv` does. A test cannot tell which.
 */
export class RealServer implements Backend {
  readonly #backend: Backend

  private constructor(backend: Backend) {
    this.#backend = backend
  }

  static async start(): Promise<RealServer> {
    await ensureWebBuild()
    const kv = process.env.TAM_TEST_E2E
    return new RealServer(await (kv === undefined ? OneProcess.start() : WholeFleet.start(kv)))
  }

  get url(): string {
    return this.#backend.url
  }

  kill(): Promise<void> {
    return this.#backend.kill()
  }

  restart(): Promise<void> {
    return this.#backend.restart()
  }

  [Symbol.asyncDispose]() {
    return this.#backend[Symbol.asyncDispose]()
  }
}
