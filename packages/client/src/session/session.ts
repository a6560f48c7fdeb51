import type { LoginBody, Me, RegisterBody, Session as SessionReply } from '@tam/protocol'
import type { Cancel, Clock, Random } from '@tam/util'
import type { Session, SessionState } from '../api.ts'
import { TamError } from '../errors.ts'
import type { Readable } from '../readable.ts'
import { objectIn } from '../rest/answer.ts'
import type { Http, HttpCall } from '../rest/http.ts'
import { Value, type Notifier } from '../store/observable.ts'
import { cookieCall, REFRESH_LOCK } from './cookie-call.ts'
import type { DeviceStore } from './device-store.ts'
import { KnownDevice } from './known-device.ts'
import { LoginEnd } from './login-end.ts'
import type { TabMessage, Tabs } from './tabs.ts'

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
  /** Remove everything of an account that is not signed in any more from the device. */
  forget(user: string): Promise<void>
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
  readonly #device: KnownDevice
  readonly #loginEnd: LoginEnd
  #access: Access | undefined
  /** The server has vouched for the login in this client's life. */
  #proven = false
  #refreshing: Promise<string> | undefined
  /** Settles when the device remembers who is signed in. */
  #remembered: Promise<void> = Promise.resolve()
  #cancelRenewal: Cancel = () => undefined

  constructor(dependencies: SessionDependencies) {
    this.#deps = dependencies
    this.#state = new Value<SessionState>(dependencies.notifier, { status: 'restoring' })
    this.#device = new KnownDevice(dependencies.devices, dependencies.random)
    this.#loginEnd = new LoginEnd({ ...dependencies, device: this.#device })
    dependencies.tabs.onMessage((message) => this.#heard(message).catch(() => undefined))
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
    return (await this.#device.load()).id
  }

  async restore(): Promise<void> {
    const { account, ending } = await this.#device.load()
    if (this.#state.get().status !== 'restoring') {
      return
    }
    if (ending === true) {
      await this.#end({ status: 'signed-out' }, false)
      await this.#forgetAccount()
      void this.#loginEnd.attemptUntilDone()
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
    await this.#loginEnd.mark()
    const isEnded = await this.#loginEnd.attempt()
    this.#deps.tabs.post({ type: 'signed-out' })
    await this.#end({ status: 'signed-out' }, true)
    const { account: _, ...rest } = await this.#device.load()
    await this.#device.save(rest)
    if (!isEnded) {
      this.#loginEnd.later()
    }
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
      this.#remember(me)
    }
  }

  close(): void {
    this.#cancelRenewal()
    this.#loginEnd.cancel()
  }

  async #refresh(): Promise<string> {
    const { http, tabs } = this.#deps
    const reason = this.#proven ? 'revoked' : 'expired'
    if (await this.#loginEnd.isDue()) {
      throw new TamError('unauthenticated')
    }
    try {
      return this.#accept(await tabs.exclusive(REFRESH_LOCK, () => http.send(cookieCall('/api/refresh'))))
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
    this.#loginEnd.cancel()
    if (await this.#loginEnd.isDue()) {
      // If it cannot be ended, the new login's cookie takes its place and it runs out by itself.
      await this.#loginEnd.attempt()
    }
    this.#accept(await this.#deps.http.send(call))
    const me = this.me()
    if (me !== undefined) {
      await this.#remembered
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
    this.#remember(me)
    this.#deps.listener.signedIn(me)
  }

  async #end(state: SessionState, wipe: boolean): Promise<void> {
    this.#cancelRenewal()
    this.#access = undefined
    this.#state.set(state)
    await this.#deps.listener.signedOut(wipe)
  }

  async #heard(message: TabMessage): Promise<void> {
    await this.#device.loadAnew()
    if (message.type === 'signed-out') {
      await this.#end({ status: 'signed-out' }, true)
    } else if (message.user !== this.me()?.id) {
      // The cookie changed hands in another tab; following it keeps this tab from acting as the wrong person.
      await this.refresh()
    }
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

  #remember(me: Me): void {
    this.#remembered = this.#takeDevice(me)
  }

  /** The device is `me`'s now: what it kept of somebody whose login ended elsewhere goes first. */
  async #takeDevice(me: Me): Promise<void> {
    const { id, account } = await this.#device.load()
    if (account !== undefined && account.id !== me.id) {
      await this.#deps.listener.forget(account.id)
    }
    await this.#device.save({ id, account: me })
  }

  /** Ends a signing out that the end of the page cut off. */
  async #forgetAccount(): Promise<void> {
    const { account, ...rest } = await this.#device.load()
    if (account !== undefined) {
      await this.#deps.listener.forget(account.id)
      await this.#device.save(rest)
    }
  }
}
