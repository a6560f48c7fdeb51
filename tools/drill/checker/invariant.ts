import type { History } from './history.ts'

/** Examples kept per invariant; all violations are counted. */
const EXAMPLES_MAX = 5

export interface Invariant {
  readonly id: string
  /** One sentence: what holds. */
  readonly holds: string
  /** The name Jepsen's checkers use for its violation, when there is one. */
  readonly jepsen?: string
  /** Reports violations to `found`; returns how many things were judged, 0 when the history says nothing about it. */
  check(history: History, found: Findings): number
}

/** Collects the violations of one invariant. */
export class Findings {
  count = 0
  readonly examples: string[] = []

  add(describe: () => string): void {
    this.count++
    if (this.examples.length < EXAMPLES_MAX) {
      this.examples.push(describe())
    }
  }
}
