import { Fleet } from '../../../tools/fleet/fleet.ts'
import { parseOptions } from '../../../tools/fleet/options.ts'
import type { Backend } from './real-server.ts'

/** What `npm run fleet` starts, on a free port and a temporary directory. */
export class WholeFleet implements Backend {
  readonly #fleet: Fleet

  private constructor(fleet: Fleet) {
    this.#fleet = fleet
  }

  /** @param kv as `--kv` of `npm run fleet` */
  static async start(kv: string): Promise<WholeFleet> {
    const { store } = parseOptions(['--kv', kv])
    return new WholeFleet(await Fleet.start({ store, env: { TAM_RATE_LIMIT_SCALE: '1000' } }))
  }

  /** As it is printed for people: cookies belong to this name. */
  get url(): string {
    return this.#fleet.url.replace('127.0.0.1', 'localhost')
  }

  /** All servers of all roles at once. The balancer, Redis and the store stay, and know nobody to send people to. */
  async kill(): Promise<void> {
    await Promise.all(this.#fleet.servers.map(({ process }) => process.kill()))
  }

  /** Resolves when the balancer knows it: until then it answers 503, and a page opened now would show that. */
  async restart(): Promise<void> {
    const { servers, haproxy } = this.#fleet
    await Promise.all(servers.map((server) => server.start()))
    await haproxy.until((known) => known.length > 0 && known.every(({ isUp }) => isUp))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nobody is left to drain for.
    await this.kill()
    await this.#fleet[Symbol.asyncDispose]()
  }
}
