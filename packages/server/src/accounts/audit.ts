import { hash } from 'node:crypto'
import { fullJitter, randomId, wait } from '@tam/util'
import { AppError } from '../errors.ts'
import { prefixEnd } from '../ports/kv/kv.ts'
import { type StoreDeps, commitUnlessChanged } from './commit.ts'

/** Entries in one partition of kv. Changing it makes an existing trail unreadable. */
export const AUDIT_BUCKET_SIZE = 10_000
/** Times an entry is tried after others that came first. Beyond: `unavailable`. */
const ATTEMPTS_MAX = 20
const CONTENTION = { baseMs: 4, capMs: 250 }
const OPERATION_ID_LENGTH = 16
const KEY_PREFIX = 'e/'
const SEQ_DIGITS = 10

/** What somebody who looks into an incident has to know; never a secret or a text of anybody's. */
export interface AuditEvent {
  /** User id. */
  readonly who: string
  readonly what: 'refresh_token_reused'
  /** What it was done to, as its partition in kv. */
  readonly target: string
  /** Login by which it was done. */
  readonly sid: string
  /** Client address. */
  readonly ip: string
  readonly result: 'login_ended'
}

export interface AuditEntry extends AuditEvent {
  readonly seq: number
  /** RFC 3339. */
  readonly at: string
  readonly op: string
  /** Hash of the entry before; empty for the first. */
  readonly previous: string
  /** Over everything above. */
  readonly hash: string
}

/**
 * What happened that matters to security: entries with a dense seq, each with the hash of the one before, so that
 * none can be changed, left out or slipped in later without all that follow. Nothing deletes them.
 */
export class Audit {
  readonly #deps: StoreDeps
  /** No entry will be added to a bucket before this one. */
  #bucket = 0

  constructor(deps: StoreDeps) {
    this.#deps = deps
  }

  /** Resolves when the entry is durable. @throws {AppError} storage_full, unknown, unavailable */
  async append(event: AuditEvent): Promise<void> {
    const { clock, random } = this.#deps
    const at = new Date(clock.now()).toISOString()
    const op = randomId(random, OPERATION_ID_LENGTH)
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const last = await this.#last()
      const entry = { seq: (last?.seq ?? 0) + 1, at, op, ...event, previous: last?.hash ?? '' }
      if (await this.#write({ ...entry, hash: auditHash(entry) })) {
        return
      }
      await wait(clock, fullJitter(attempt, CONTENTION, random))
    }
    throw new AppError('unavailable')
  }

  /** The entries of one bucket, in their order. */
  async read(bucket: number): Promise<AuditEntry[]> {
    return this.#scan(bucket, { limit: AUDIT_BUCKET_SIZE })
  }

  /** False when another entry has this seq. */
  #write(entry: AuditEntry): Promise<boolean> {
    const key = `${KEY_PREFIX}${String(entry.seq).padStart(SEQ_DIGITS, '0')}`
    return commitUnlessChanged(this.#deps, partitionOf(bucketOf(entry.seq)), {
      expect: [{ key, rev: null }],
      put: [{ key, value: JSON.stringify(entry) }],
    })
  }

  async #last(): Promise<AuditEntry | undefined> {
    let last: AuditEntry | undefined
    for (let bucket = this.#bucket; ; bucket++) {
      const [newest] = await this.#scan(bucket, { limit: 1, reverse: true })
      if (newest === undefined || newest.seq % AUDIT_BUCKET_SIZE !== 0) {
        return newest ?? last
      }
      last = newest
      this.#bucket = bucket
    }
  }

  async #scan(bucket: number, range: { limit: number; reverse?: boolean }): Promise<AuditEntry[]> {
    const keys = { from: KEY_PREFIX, to: prefixEnd(KEY_PREFIX) }
    const rows = await this.#deps.kv.scan(partitionOf(bucket), { ...keys, ...range })
    return rows.map(({ value }) => JSON.parse(value) as AuditEntry)
  }
}

/** The hash that the entry must have. */
export function auditHash(entry: Omit<AuditEntry, 'hash'>): string {
  const { seq, at, op, who, what, target, sid, ip, result, previous } = entry
  return hash(
    'sha256',
    JSON.stringify([previous, seq, at, op, who, what, target, sid, ip, result]),
    'base64url',
  )
}

function bucketOf(seq: number): number {
  return Math.floor((seq - 1) / AUDIT_BUCKET_SIZE)
}

function partitionOf(bucket: number): string {
  return `audit/${bucket}`
}
