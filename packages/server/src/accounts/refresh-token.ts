import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Random } from '@tam/util'

const SECRET_BYTES = 32
const FORMAT = /^([A-Za-z0-9_-]{1,22})\.([A-Za-z0-9_-]{43})$/

/** `<sid>.<secret>`: opaque to clients, 256 bits of secret. */
export interface RefreshToken {
  readonly sid: string
  /** base64url. */
  readonly secret: string
}

export function parseRefreshToken(text: string): RefreshToken | undefined {
  const match = FORMAT.exec(text)
  return match?.[1] !== undefined && match[2] !== undefined ? { sid: match[1], secret: match[2] } : undefined
}

export function formatRefreshToken({ sid, secret }: RefreshToken): string {
  return `${sid}.${secret}`
}

export function firstToken(sid: string, random: Random): RefreshToken {
  return { sid, secret: Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url') }
}

/**
 * The token that follows `token`: always the same one, so that a client whose answer was lost, or a second tab,
 * can be given it again, though the server stores digests only. It takes the server's secret and the token's own.
 */
export function successorOf({ sid, secret }: RefreshToken, serverSecret: Buffer): RefreshToken {
  return {
    sid,
    secret: createHmac('sha256', serverSecret).update(`refresh ${sid} ${secret}`).digest('base64url'),
  }
}

/** What is stored of a token. */
export function digestOf({ secret }: RefreshToken): string {
  return hash('sha256', secret, 'base64url')
}

export function sameDigest(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
