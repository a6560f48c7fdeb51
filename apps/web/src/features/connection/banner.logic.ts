import type { ConnectionState, Readable } from '@tam/client'
import type { Clock } from '@tam/util'
import { GRACE_MS } from '../../platform/reachable.ts'
import { createState } from '../../platform/state.ts'

/** How long "connected again" stays. */
export const BACK_MS = 2_000

const TICK_MS = 1_000

export type Banner =
  | { readonly kind: 'none' }
  /** `seconds` until the next attempt; null while one is running. */
  | { readonly kind: 'lost'; readonly seconds: number | null }
  | { readonly kind: 'back' }
  | { readonly kind: 'stopped'; readonly reason: 'replaced' | 'forbidden' }

const NONE: Banner = { kind: 'none' }

/**
 * What the banner says, from the connection's states. Tells its listeners once a second while something is wrong and
 * runs no timer while nothing is.
 */
export function createBanner(connection: Readable<ConnectionState>, clock: Clock): Readable<Banner> {
  const banner = createState<Banner>(NONE)
  let downSince: number | null = null
  let backSince: number | null = null
  let stopTicking: (() => void) | undefined

  const look = () => {
    const state = connection.get()
    const now = clock.now()
    if (isDown(state)) {
      downSince ??= state.status === 'waiting' ? Math.min(state.since, now) : now
      backSince = null
    } else {
      const wasShown = downSince !== null && state.status === 'connected' && now - downSince > GRACE_MS
      backSince = wasShown ? now : backSince
      downSince = null
    }
    show(bannerOf({ state, downSince, backSince, now }))
  }
  const show = (next: Banner) => {
    if (JSON.stringify(next) !== JSON.stringify(banner.get())) {
      banner.set(next)
    }
    const restless = downSince !== null || next.kind === 'back'
    if (restless && stopTicking === undefined) {
      stopTicking = clock.every(TICK_MS, look)
    } else if (!restless) {
      stopTicking?.()
      stopTicking = undefined
    }
  }
  let listeners = 0
  let unsubscribe = () => {}
  return {
    get: banner.get,
    subscribe(listener) {
      const forget = banner.subscribe(listener)
      if (listeners++ === 0) {
        unsubscribe = connection.subscribe(look)
        look()
      }
      return () => {
        forget()
        if (--listeners === 0) {
          unsubscribe()
          stopTicking?.()
          stopTicking = undefined
        }
      }
    },
  }
}

function isDown(state: ConnectionState): boolean {
  return state.status === 'waiting' || state.status === 'connecting'
}

interface Outage {
  readonly state: ConnectionState
  readonly downSince: number | null
  readonly backSince: number | null
  readonly now: number
}

function bannerOf({ state, downSince, backSince, now }: Outage): Banner {
  if (state.status === 'stopped' && (state.reason === 'replaced' || state.reason === 'forbidden')) {
    return { kind: 'stopped', reason: state.reason }
  }
  if (downSince !== null && now - downSince > GRACE_MS) {
    const seconds = state.status === 'waiting' ? Math.ceil((state.retryAt - now) / 1_000) : 0
    return { kind: 'lost', seconds: seconds > 0 ? seconds : null }
  }
  return backSince !== null && now - backSince < BACK_MS ? { kind: 'back' } : NONE
}
