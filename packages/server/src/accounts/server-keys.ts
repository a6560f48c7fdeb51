import { type KeyObject, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { type Cancel, type Random, assert, must, randomId } from '@tam/util'
import { DamagedRow, type Row } from '../ports/kv/kv.ts'
import { type StoreDeps, commit } from './commit.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
/** Age at which the newest signing key gets a successor. */
export const KEY_ROTATION_MS = 7 * DAY_MS
/** A new key signs only when every server has had the time to load it. */
export const KEY_ACTIVATION_MS = 10 * 60_000
/** A replaced key verifies for this long after its successor began to sign: longer than any access token lives. */
export const KEY_RETIREMENT_MS = 60 * 60_000
/** How often the keys are loaded again, and rotated when due. */
export const KEY_REFRESH_MS = 60_000

const ROW = { partition: 'server', key: 'keys' }
const KEY_ID_LENGTH = 8
const REFRESH_SECRET_BYTES = 32

/** The row `keys`: newest key first. */
interface KeysRow {
  readonly signing: readonly SigningKeyRow[]
  /** Secret that refresh tokens succeed each other by, base64url. */
  readonly refreshSecret: string
}

interface SigningKeyRow {
  readonly kid: string
  /** Wall milliseconds. */
  readonly createdAt: number
  /** Ed25519 private key, PKCS#8 DER in base64url. */
  readonly pkcs8: string
}

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export interface ServerKeysDeps extends StoreDeps {
  readonly log: { error(details: object, message: string): void }
}

/** The secrets of the installation, shared by all its servers through kv. */
export class ServerKeys implements Disposable {
  readonly refreshSecret: Buffer
  readonly #deps: ServerKeysDeps
  readonly #cancel: Cancel
  #row: KeysRow
  #keys: ReadonlyMap<string, SigningKey>

  private constructor(deps: ServerKeysDeps, row: KeysRow) {
    this.#deps = deps
    this.#row = row
    this.#keys = importKeys(row, new Map())
    this.refreshSecret = Buffer.from(row.refreshSecret, 'base64url')
    this.#cancel = deps.clock.every(KEY_REFRESH_MS, () => {
      this.refresh().catch((error) => deps.log.error({ err: error }, 'signing keys not refreshed'))
    })
  }

  /** Loads the keys, or makes the first ones. @throws {DamagedRow} */
  static async open(deps: ServerKeysDeps): Promise<ServerKeys> {
    return new ServerKeys(deps, await loadKeys(deps))
  }

  /** The key that signs now. */
  signing(): SigningKey {
    const { signing } = this.#row
    const now = this.#deps.clock.now()
    const active = signing.find((key) => now - key.createdAt >= KEY_ACTIVATION_MS) ?? signing.at(-1)
    return must(this.#keys.get(must(active).kid))
  }

  /** Every key whose signatures count. */
  verifying(): ReadonlyMap<string, SigningKey> {
    return this.#keys
  }

  /** Loads the keys again and rotates them when due; called every KEY_REFRESH_MS. */
  async refresh(): Promise<void> {
    const row = await loadKeys(this.#deps)
    this.#keys = importKeys(row, this.#keys)
    this.#row = row
  }

  [Symbol.dispose](): void {
    this.#cancel()
  }
}

async function loadKeys(deps: ServerKeysDeps): Promise<KeysRow> {
  for (;;) {
    const row = await deps.kv.get(ROW.partition, ROW.key)
    const keys = row && decodeKeys(row)
    const next = rotate(keys, deps)
    if (next === keys) {
      return next
    }
    // A conflict means that another server, or this commit's own lost attempt, has just done the same.
    await store(deps, row, next)
  }
}

async function store(deps: ServerKeysDeps, row: Row | undefined, keys: KeysRow): Promise<void> {
  await commit(deps, ROW.partition, {
    expect: [{ key: ROW.key, rev: row?.rev ?? null }],
    put: [{ key: ROW.key, value: JSON.stringify(keys) }],
  })
}

/** @throws {DamagedRow} */
function decodeKeys(row: Row): KeysRow {
  return undamaged(() => {
    const { signing, refreshSecret }: KeysRow = JSON.parse(row.value)
    const isWhole =
      signing.length > 0 && Buffer.from(refreshSecret, 'base64url').length === REFRESH_SECRET_BYTES
    assert(isWhole, 'an installation has a key and a secret')
    return { signing, refreshSecret }
  })
}

/** What `read` makes of the stored keys. @throws {DamagedRow} */
function undamaged<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    throw new DamagedRow(ROW, cause)
  }
}

/** The keys as they should be now: the same object when nothing is due. */
function rotate(
  keys: KeysRow | undefined,
  { clock, random }: Pick<ServerKeysDeps, 'clock' | 'random'>,
): KeysRow {
  const now = clock.now()
  if (!keys) {
    const refreshSecret = Buffer.from(random.bytes(REFRESH_SECRET_BYTES)).toString('base64url')
    return { signing: [newKey(now, random)], refreshSecret }
  }
  const kept = keys.signing.filter((_, index) => !isRetired(keys.signing[index - 1], now))
  const newest = must(kept[0])
  if (now - newest.createdAt >= KEY_ROTATION_MS) {
    return { ...keys, signing: [newKey(now, random), ...kept] }
  }
  return kept.length === keys.signing.length ? keys : { ...keys, signing: kept }
}

function isRetired(successor: SigningKeyRow | undefined, now: number): boolean {
  return successor !== undefined && now - successor.createdAt >= KEY_ACTIVATION_MS + KEY_RETIREMENT_MS
}

function newKey(now: number, random: Random): SigningKeyRow {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url')
  return { kid: randomId(random, KEY_ID_LENGTH), createdAt: now, pkcs8 }
}

/** @throws {DamagedRow} */
function importKeys(row: KeysRow, known: ReadonlyMap<string, SigningKey>): ReadonlyMap<string, SigningKey> {
  return undamaged(() => new Map(row.signing.map((key) => [key.kid, known.get(key.kid) ?? importKey(key)])))
}

function importKey({ kid, pkcs8 }: SigningKeyRow): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8, 'base64url'), format: 'der', type: 'pkcs8' })
  return { kid, privateKey, publicKey: createPublicKey(privateKey) }
}
