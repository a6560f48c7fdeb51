import type { Cancel, Clock } from '@tam/util'
import { TamError } from '../errors.ts'
import type { Http } from '../rest/http.ts'
import { cookieCall, REFRESH_LOCK } from './cookie-call.ts'
import type { KnownDevice } from './known-device.ts'
import type { Tabs } from './tabs.ts'

/** Milliseconds that signing out waits for the server; what is on the device goes in any case. */
export const LOGOUT_WAIT_MS = 4_000
/** Milliseconds between attempts to end a login at a server that cannot be reached. */
const RETRY_MS = 20_000

interface LoginEndDependencies {
  readonly http: Http
  readonly clock: Clock
  readonly tabs: Tabs
  readonly device: KnownDevice
}

/**
 * Ends a login at the server, also after the device has forgotten it. Only the server can remove the cookie, so a mark
 * on the device says that its login is over until the server has heard of it.
 */
export class LoginEnd {
  readonly #deps: LoginEndDependencies
  #cancel: Cancel = () => undefined

  constructor(dependencies: LoginEndDependencies) {
    this.#deps = dependencies
  }

  /** From here on no tab takes access from the cookie. */
  async mark(): Promise<void> {
    const { device } = this.#deps
    await device.save({ ...(await device.load()), ending: true })
  }

  async isDue(): Promise<boolean> {
    return (await this.#deps.device.load()).ending === true
  }

  /** Tells the server now if it is still to be told. Returns whether it is done. */
  async attempt(): Promise<boolean> {
    try {
      // Under the lock and as it is on disk: another tab may have signed somebody in meanwhile.
      await this.#deps.tabs.exclusive(REFRESH_LOCK, () => this.#tell())
      return true
    } catch {
      return false
    }
  }

  /** Tells the server as soon as it answers, until `cancel`. */
  async attemptUntilDone(): Promise<void> {
    if (!(await this.attempt())) {
      this.later()
    }
  }

  later(): void {
    this.cancel()
    this.#cancel = this.#deps.clock.after(RETRY_MS, () => void this.attemptUntilDone())
  }

  cancel(): void {
    this.#cancel()
  }

  async #tell(): Promise<void> {
    const { http, device } = this.#deps
    const { ending, ...rest } = await device.loadAnew()
    if (ending === true) {
      await http.send({ ...cookieCall('/api/logout'), timeoutMs: LOGOUT_WAIT_MS }).catch((error: unknown) => {
        // The login is over already.
        if (!(error instanceof TamError) || error.code !== 'unauthenticated') {
          throw error
        }
      })
      await device.save(rest)
    }
  }
}
