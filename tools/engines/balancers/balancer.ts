import type { Outcome } from '../../run.ts'

/** Milliseconds for the first test, which may have to install the program. */
export const INSTALL_TIMEOUT_MS = 300_000

/** Ports of 127.0.0.1 to balance over. */
export interface Servers {
  readonly api: readonly number[]
  readonly chat: readonly number[]
  readonly notify?: readonly number[]
}

/** A running balancer. */
export interface Balancer extends AsyncDisposable {
  readonly port: number
  /** Where servers reach the notification servers. */
  readonly notifyPort: number | undefined
  /** Everything it has logged so far. */
  log(): Promise<string>
}

/** One program with its file in `deploy/`. */
export interface BalancerKind {
  readonly name: string
  /** Asks `/readyz` by itself; otherwise it learns from refusals alone. */
  readonly asksReadiness: boolean
  /** Takes a refused WebSocket to the next server. */
  readonly movesRefused: boolean
  check(): Promise<Outcome>
  start(servers: Servers): Promise<Balancer>
}
