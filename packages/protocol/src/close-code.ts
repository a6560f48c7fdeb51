export interface CloseCode {
  readonly code: number
  readonly reason: string
  /** What a client does next: come back by itself, log in first, or stay away. */
  readonly reconnect: 'yes' | 'after-login' | 'no'
}

/** Close codes of `/ws`. 4400–4499 are ours; the table is in `docs/protocol/SPEC.md`. */
export const CLOSE = {
  badFrame: { code: 4400, reason: 'bad_frame', reconnect: 'no' },
  unauthenticated: { code: 4401, reason: 'unauthenticated', reconnect: 'after-login' },
  forbidden: { code: 4403, reason: 'forbidden', reconnect: 'no' },
  slowConsumer: { code: 4408, reason: 'slow_consumer', reconnect: 'yes' },
  replaced: { code: 4409, reason: 'replaced', reconnect: 'no' },
  draining: { code: 4412, reason: 'draining', reconnect: 'yes' },
  rateLimited: { code: 4429, reason: 'rate_limited', reconnect: 'yes' },
} as const satisfies Record<string, CloseCode>

/** What to do after the close `code`; codes that are not ours are network failures. */
export function reconnectAfter(code: number): CloseCode['reconnect'] {
  return Object.values(CLOSE).find((close) => close.code === code)?.reconnect ?? 'yes'
}
