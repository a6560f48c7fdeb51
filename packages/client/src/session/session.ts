import type { LoginBody, Me, RegisterBody, Session as SessionReply } from '@tam/protocol'
import { randomId, type Cancel, type Clock, type Random } from '@tam/util'
import type { Session, SessionState } from '../api.ts'
import { TamError } from '../errors.ts'
import type { Readable } from '../readable.ts'
import { objectIn } from '../rest/answer.ts'
import type { Http, HttpCall } from '../rest/http.ts'
import { Value, type Notifier } from '../store/observable.ts'
import type { Device, DeviceStore } from './device-store.ts'
import type { Tabs } from './tabs.ts'

/** A token is renewed when this share of its life is over. */
const RENEW_AFTER = 0.8
/** Milliseconds between attempts to renew while the server cannot be reached. */
const RENEW_RETRY_MS = 20_000
/** A token with less life than this is not handed out. */
const TOKEN_MARGIN_MS = 10_000

export interface SessionListener {
  /** Somebody is signed in; called again when another person takes over. */
  signedIn(me: Me): void
  /** `wipe`: remove everything of the account from the device; resolves when that is done. */
  signedOut(wipe: boolean): Promise<void>
  /** A new access token of the same person. */
  renewed(token: string): void
}

interface Access {
  readonly token: string
  /** Wall milliseconds: unlike monotonic time it goes on while a laptop sleeps. */
  readonly expiresAt: number
}

export interface SessionDependencies {
  readonly http: Http
  readonly clock: Clock
  readonly random: Random
  readonly tabs: Tabs
  readonly devices: DeviceStore
  readonly notifier: Notifier
  readonly listener: SessionListener
}

/** Who is signed in, and the access token that proves it. The refresh token lives in a cookie only. */
export class SessionManager implements Session {
  readonly #deps: SessionDependencies
  readonly #state: Value<SessionState>
  #device: Device | undefined
  #access: Access | undefined
  /** The server has vouched for the login in this client's life. */
  #proven = false
  #refreshing: Promise<string> | undefined
  #cancelRenewal: Cancel = () => undefined

  constructor(dependencies: SessionDependencies) {
    this.#deps = dependencies
    this.#state = new Value<SessionState>(dependencies.notifier, { status: 'restoring' })
    dependencies.tabs.onMessage((message) => {
      if (message.type === 'signed-out') {
        void this.#end({ status: 'signed-out' }, true)
      } else if (message.user !== this.me()?.id) {
        // The cookie changed hands in another tab; following it keeps this tab from acting as the wrong person.
        this.refresh().catch(() => undefined)
      }
    })
  }

  get state(): Readable<SessionState> {
    return this.#state
  }

  me(): Me | undefined {
    const state = this.#state.get()
    return state.status === 'signed-in' ? state.me : undefined
  }

  /** The device's id, made on first use. */
  async deviceId(): Promise<string> {
    return (await this.#loadDevice()).id
  }

  async restore(): Promise<void> {
    const { account } = await this.#loadDevice()
    if (this.#state.get().status !== 'restoring') {
      return
    }
    if (account !== undefined) {
      this.#become(account)
      this.refresh().catch(() => undefined)
      return
    }
    try {
      await this.refresh()
    } catch {
      await this.#end({ status: 'signed-out' }, false)
    }
  }

  async register(json: RegisterBody): Promise<void> {
    await this.#signIn({ method: 'POST', path: '/api/register', json })
  }

  async login(json: LoginBody): Promise<void> {
    await this.#signIn({ method: 'POST', path: '/api/login', json })
  }

  async logout(): Promise<void> {
    try {
      await this.#deps.http.send(cookieCall('/api/logout'))
    } catch (error) {
      if (!(error instanceof TamError) || error.code !== 'unauthenticated') {
        throw error
      }
    }
    this.#deps.tabs.post({ type: 'signed-out' })
    await this.#end({ status: 'signed-out' }, true)
  }

  /** A token with life left; refreshes when there is none. Rejects with `unauthenticated` when nobody is signed in. */
  async token(): Promise<string> {
    const access = this.#access
    return access !== undefined && access.expiresAt - this.#deps.clock.now() > TOKEN_MARGIN_MS
      ? access.token
      : await this.refresh()
  }

  /** The server refused `token` although it should be valid: the next `token()` asks for another. */
  refuse(token: string): void {
    if (this.#access?.token === token) {
      this.#access = undefined
    }
  }

  /** One refresh at a time, in this client and among the tabs. Signs out when the server says that it is over. */
  refresh(): Promise<string> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  /** The profile changed. */
  updateMe(me: Me): void {
    const before = this.me()
    // Every hello and refresh tells the profile again; only a changed one is news.
    if (before?.id === me.id && JSON.stringify(before) !== JSON.stringify(me)) {
      this.#state.set({ status: 'signed-in', me })
      void this.#remember(me)
    }
  }

  close(): void {
    this.#cancelRenewal()
  }

  async #refresh(): Promise<string> {
    const { http, tabs } = this.#deps
    const reason = this.#proven ? 'revoked' : 'expired'
    try {
      return this.#accept(await tabs.exclusive('tam-refresh', () => http.send(cookieCall('/api/refresh'))))
    } catch (error) {
      if (error instanceof TamError && error.code === 'unauthenticated') {
        if (this.me() !== undefined) {
          void this.#end({ status: 'signed-out', reason }, false)
        }
      }
      throw error
    }
  }

  async #signIn(call: HttpCall): Promise<void> {
    this.#accept(await this.#deps.http.send(call))
    const me = this.me()
    if (me !== undefined) {
      this.#deps.tabs.post({ type: 'signed-in', user: me.id })
    }
  }

  /** Takes over what register, login or refresh answered; returns the token. */
  #accept(answer: unknown): string {
    const me = objectIn<Me>(answer, 'user')
    const { accessToken, expiresIn } = answer as SessionReply
    if (typeof accessToken !== 'string' || typeof expiresIn !== 'number') {
      throw new TamError('protocol', { message: 'the answer has no access token' })
    }
    this.#access = { token: accessToken, expiresAt: this.#deps.clock.now() + expiresIn * 1000 }
    this.#proven = true
    this.#renewAfter(expiresIn * 1000 * RENEW_AFTER)
    if (this.me()?.id === me.id) {
      this.updateMe(me)
    } else {
      this.#become(me)
    }
    this.#deps.listener.renewed(accessToken)
    return accessToken
  }

  #become(me: Me): void {
    this.#state.set({ status: 'signed-in', me })
    void this.#remember(me)
    this.#deps.listener.signedIn(me)
  }

  async #end(state: SessionState, wipe: boolean): Promise<void> {
    this.#cancelRenewal()
    this.#access = undefined
    this.#state.set(state)
    const left = this.#deps.listener.signedOut(wipe)
    if (wipe) {
      await this.#remember(undefined)
    }
    await left
  }

  #renewAfter(ms: number): void {
    this.#cancelRenewal()
    this.#cancelRenewal = this.#deps.clock.after(ms, () => {
      this.refresh().catch(() => {
        if (this.me() !== undefined) {
          this.#renewAfter(RENEW_RETRY_MS)
        }
      })
    })
  }

  async #loadDevice(): Promise<Device> {
    this.#device ??= await this.#deps.devices.load().catch(() => undefined)
    this.#device ??= { id: randomId(this.#deps.random, 22) }
    return this.#device
  }

  async #remember(account: Me | undefined): Promise<void> {
    const { id } = await this.#loadDevice()
    this.#device = account === undefined ? { id } : { id, account }
    // A device that cannot remember works until the page is closed.
    await this.#deps.devices.save(this.#device).catch(() => undefined)
  }
}

function cookieCall(path: string): HttpCall {
  return { method: 'POST', path, json: {}, headers: { 'x-tam': '1' } }
}
