import { CLOSE, reconnectAfter } from '@tam/protocol/close-code'
import type { DownFrame, HelloFrame, UpFrame } from '@tam/protocol'
import { fullJitter, unreachable, type Cancel, type Clock, type Random } from '@tam/util'
import type { ConnectionState } from '../api.ts'
import { TamError } from '../errors.ts'
import type { Readable } from '../readable.ts'
import { Value, type Notifier } from '../store/observable.ts'
import type { Environment, EnvironmentChange } from './environment.ts'
import { Link, type LinkEnd } from './link.ts'
import type { OpenTransport } from './transport.ts'

export const BACKOFF = { baseMs: 500, capMs: 30_000 }
/** Milliseconds a connection has to hold before the next loss starts at the shortest delay again. */
export const STABLE_MS = 30_000

export interface ConnectionDependencies {
  readonly open: OpenTransport
  readonly clock: Clock
  readonly random: Random
  readonly environment: Environment
  readonly notifier: Notifier
  /** An access token with life left. */
  readonly token: () => Promise<string>
  /** `token` was refused: ask for another next time. */
  readonly refuse: (token: string) => void
  readonly device: () => Promise<string>
  /** Asks for everything missed; the connection counts as connected when it resolves. */
  readonly sync: (hello: HelloFrame) => Promise<void>
  readonly onFrame: (frame: DownFrame) => void
  readonly onConnected: () => void
  /** The link is gone, connected or not; commands in flight have no known outcome. */
  readonly onLost: () => void
  readonly onError: (error: unknown) => void
}

type StopReason = Extract<ConnectionState, { status: 'stopped' }>['reason']

/** What exists in each state: at most one link, at most one timer. `#enter` ends those of the state it leaves. */
type Phase =
  | { readonly status: 'idle' }
  | { readonly status: 'connecting'; readonly attempt: number; link?: Link }
  | {
      readonly status: 'connected'
      readonly attempt: number
      readonly link: Link
      readonly since: number
      timer?: Cancel
    }
  | { readonly status: 'waiting'; readonly attempt: number; readonly timer: Cancel }
  | { readonly status: 'stopped' }

/** Keeps one connection alive from `start` to `stop`. */
export class ConnectionManager {
  readonly #deps: ConnectionDependencies
  readonly #state: Value<ConnectionState>
  readonly #forgetEnvironment: () => void
  #phase: Phase = { status: 'idle' }
  /** Wall milliseconds when the connection was lost, or first wanted; undefined while connected. */
  #lostAt: number | undefined

  constructor(dependencies: ConnectionDependencies) {
    this.#deps = dependencies
    this.#state = new Value<ConnectionState>(dependencies.notifier, { status: 'idle' })
    this.#forgetEnvironment = dependencies.environment.onChange((change) => this.#surroundings(change))
  }

  get state(): Readable<ConnectionState> {
    return this.#state
  }

  get connected(): boolean {
    return this.#phase.status === 'connected'
  }

  /** Connects, or tries again now instead of later. */
  start(): void {
    switch (this.#phase.status) {
      case 'idle':
      case 'stopped':
        this.#attempt(0)
        return
      case 'waiting':
        this.#attempt(this.#phase.attempt)
        return
      case 'connecting':
      case 'connected':
        return
      default:
        unreachable(this.#phase)
    }
  }

  stop(reason: StopReason | 'idle'): void {
    this.#lostAt = undefined
    if (reason === 'idle') {
      this.#enter({ status: 'idle' }, { status: 'idle' })
    } else {
      this.#enter({ status: 'stopped' }, { status: 'stopped', reason })
    }
  }

  /** Stops for good. */
  close(): void {
    this.#forgetEnvironment()
    this.stop('closed')
  }

  /** Replaces a connection that cannot be trusted any more. */
  replace(reason: string): void {
    if (this.#phase.status === 'connecting' || this.#phase.status === 'connected') {
      this.#lost(reason)
    }
  }

  /** Passes a frame to the link; false when there is none that said hello. */
  send(frame: UpFrame): boolean {
    const link = 'link' in this.#phase ? this.#phase.link : undefined
    if (link?.greeted !== true) {
      return false
    }
    link.send(frame)
    return true
  }

  /** Shows a renewed token to the server before the old one runs out. */
  renew(token: string): void {
    if (this.#phase.status === 'connected') {
      this.#phase.link.renew(token)
    }
  }

  #attempt(attempt: number): void {
    this.#lostAt ??= this.#deps.clock.now()
    const phase: Phase = { status: 'connecting', attempt }
    this.#enter(phase, { status: 'connecting', attempt })
    void this.#authorize(phase)
  }

  async #authorize(phase: Phase & { status: 'connecting' }): Promise<void> {
    try {
      const [token, device] = await Promise.all([this.#deps.token(), this.#deps.device()])
      if (this.#phase === phase) {
        phase.link = this.#open(phase, token, device)
      }
    } catch (error) {
      if (this.#phase === phase) {
        this.#noToken(error)
      }
    }
  }

  #open(phase: Phase & { status: 'connecting' }, token: string, device: string): Link {
    const { open, clock, onFrame } = this.#deps
    return new Link({
      open,
      clock,
      token,
      device,
      onHello: (hello) => void this.#greeted(phase, hello),
      onFrame,
      onEnd: (end) => this.#ended(end, token),
    })
  }

  async #greeted(phase: Phase & { status: 'connecting' }, hello: HelloFrame): Promise<void> {
    try {
      await this.#deps.sync(hello)
      if (this.#phase === phase && phase.link !== undefined) {
        this.#connect(phase.attempt, phase.link)
      }
    } catch (error) {
      if (!(error instanceof TamError)) {
        this.#deps.onError(error)
      }
      if (this.#phase === phase) {
        this.#lost(error instanceof TamError ? error.code : 'sync')
      }
    }
  }

  #connect(attempt: number, link: Link): void {
    const { clock, onConnected } = this.#deps
    this.#lostAt = undefined
    this.#enter(
      { status: 'connected', attempt, link, since: clock.monotonic() },
      { status: 'connected', since: clock.now() },
    )
    onConnected()
  }

  #noToken(error: unknown): void {
    if (error instanceof TamError && error.code === 'unauthenticated') {
      this.stop('signed-out')
    } else {
      this.#lost(error instanceof TamError ? error.code : 'token')
    }
  }

  #ended(end: LinkEnd, token: string): void {
    if (end.type !== 'closed') {
      if (end.type === 'broken-frame') {
        this.#deps.onError(end.error)
      }
      this.#lost(end.type)
      return
    }
    const next = reconnectAfter(end.code)
    switch (next) {
      case 'after-login':
        // The next attempt refreshes; when the login is over, that says so.
        this.#deps.refuse(token)
        this.#lost(end.reason)
        return
      case 'yes':
        this.#lost(end.reason === '' ? String(end.code) : end.reason)
        return
      case 'no':
        this.stop(end.code === CLOSE.replaced.code ? 'replaced' : 'forbidden')
        return
      default:
        unreachable(next)
    }
  }

  /** Waits, longer after each failure, and tries again. */
  #lost(reason: string): void {
    const { clock, random } = this.#deps
    const attempt = this.#nextAttempt()
    const delay = Math.round(fullJitter(attempt, BACKOFF, random))
    const since = (this.#lostAt ??= clock.now())
    const timer = clock.after(delay, () => this.#attempt(attempt))
    const retryAt = clock.now() + delay
    this.#enter({ status: 'waiting', attempt, timer }, { status: 'waiting', since, retryAt, attempt, reason })
  }

  #nextAttempt(): number {
    const phase = this.#phase
    const stable = phase.status === 'connected' && this.#deps.clock.monotonic() - phase.since >= STABLE_MS
    return 'attempt' in phase && !stable ? phase.attempt + 1 : 0
  }

  #surroundings(change: EnvironmentChange): void {
    const phase = this.#phase
    if (change === 'hidden') {
      return
    }
    if (phase.status === 'connected') {
      phase.link.probe()
    } else if (phase.status === 'waiting' && change !== 'offline') {
      this.#attempt(phase.attempt)
    }
  }

  /** The server is leaving: go elsewhere at a moment of our own within `afterMs`. */
  drain(afterMs: number): void {
    const phase = this.#phase
    if (phase.status === 'connected' && phase.timer === undefined) {
      phase.timer = this.#deps.clock.after(this.#deps.random.float() * afterMs, () => this.#attempt(0))
    }
  }

  #enter(phase: Phase, state: ConnectionState): void {
    const left = this.#phase
    this.#phase = phase
    if ('timer' in left) {
      left.timer?.()
    }
    if ('link' in left && left.link !== undefined && !('link' in phase && phase.link === left.link)) {
      left.link.close()
      this.#deps.onLost()
    }
    this.#state.set(state)
  }
}
