import { hash, sign, verify } from 'node:crypto'
import { ACCESS_TOKEN_SECONDS } from '@tam/protocol'
import { type Clock, type Random, randomId } from '@tam/util'
import { RecentMap } from '../log/recent-map.ts'
import type { Claims } from './claims.ts'
import { CLOCK_SKEW_MS } from './clock-skew.ts'
import type { SigningKey } from './server-keys.ts'

/** Verified tokens remembered, so that the same one is not verified at every request. */
const VERIFIED_MAX = 10_000
const TOKEN_MAX_LENGTH = 1_024
const TOKEN_ID_LENGTH = 16
const AUDIENCE = 'tam'

export interface AccessTokensDeps {
  readonly keys: { signing(): SigningKey; verifying(): ReadonlyMap<string, SigningKey> }
  readonly clock: Pick<Clock, 'now'>
  readonly random: Random
  /** Names the installation; tokens of another are refused. */
  readonly issuer: string
}

interface Payload {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  readonly sid: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
}

/**
 * Access tokens: JWTs (`at+jwt`, EdDSA) that live ACCESS_TOKEN_SECONDS. Whether the login behind one still counts
 * is not in the token: ask `Logins.isActive`.
 *
 * The header of a token must be, byte for byte, the one this class writes for one of the keys. That leaves no room
 * for another algorithm, type, `crit`, `jwk` or a key id that is more than a name.
 */
export class AccessTokens {
  readonly #deps: AccessTokensDeps
  readonly #verified = new RecentMap<Claims>(VERIFIED_MAX)
  /** By key id. */
  readonly #headers = new Map<string, string>()

  constructor(deps: AccessTokensDeps) {
    this.#deps = deps
  }

  issue(user: string, sid: string): { token: string; expiresIn: number } {
    const { keys, issuer, clock, random } = this.#deps
    const key = keys.signing()
    const iat = seconds(clock)
    const payload: Payload = {
      iss: issuer,
      aud: AUDIENCE,
      sub: user,
      sid,
      iat,
      exp: iat + ACCESS_TOKEN_SECONDS,
      jti: randomId(random, TOKEN_ID_LENGTH),
    }
    const signed = `${headerOf(key.kid)}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`
    const signature = sign(null, Buffer.from(signed), key.privateKey)
    return { token: `${signed}.${signature.toString('base64url')}`, expiresIn: ACCESS_TOKEN_SECONDS }
  }

  /**
   * The claims of a valid token, undefined for anything else; never says why. The token is remembered, because the next
   * request brings it again.
   */
  async verify(token: string): Promise<Claims | undefined> {
    const claims = await this.verifyOnce(token)
    if (claims !== undefined) {
      this.#verified.set(digest(token), claims)
    }
    return claims
  }

  /** The same for a socket, which brings its token once: remembered, each would take memory that nobody asks for. */
  async verifyOnce(token: string): Promise<Claims | undefined> {
    if (token.length > TOKEN_MAX_LENGTH) {
      return undefined
    }
    const claims = this.#verified.get(digest(token)) ?? this.#open(token)
    return claims === undefined || claims.exp <= seconds(this.#deps.clock) ? undefined : claims
  }

  #open(token: string): Claims | undefined {
    const [header, body, signature, ...rest] = token.split('.')
    if (header === undefined || body === undefined || signature === undefined || rest.length > 0) {
      return undefined
    }
    const key = this.#keyOf(header)
    const bytes = decodeSignature(signature)
    if (!key || !bytes || !verify(null, Buffer.from(`${header}.${body}`), key.publicKey, bytes)) {
      return undefined
    }
    // Signed by a key of ours: the payload is what `issue` wrote.
    return this.#claimsOf(JSON.parse(Buffer.from(body, 'base64url').toString()) as Payload)
  }

  #claimsOf({ iss, aud, sub, sid, iat, exp }: Payload): Claims | undefined {
    const now = seconds(this.#deps.clock)
    const valid =
      iss === this.#deps.issuer && aud === AUDIENCE && iat <= now + CLOCK_SKEW_MS / 1_000 && now < exp
    return valid ? { user: sub, sid, exp } : undefined
  }

  /** Made once for each of the few keys. */
  #headerOf(kid: string): string {
    const header = this.#headers.get(kid) ?? headerOf(kid)
    this.#headers.set(kid, header)
    return header
  }

  #keyOf(header: string): SigningKey | undefined {
    for (const key of this.#deps.keys.verifying().values()) {
      if (this.#headerOf(key.kid) === header) {
        return key
      }
    }
    return undefined
  }
}

function headerOf(kid: string): string {
  return Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid })).toString('base64url')
}

/** 64 bytes in their one canonical spelling. */
function decodeSignature(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === 64 && bytes.toString('base64url') === text ? bytes : undefined
}

// The map holds digests, so that memory never holds usable tokens.
function digest(token: string): string {
  return hash('sha256', token, 'base64')
}

function seconds(clock: Pick<Clock, 'now'>): number {
  return Math.floor(clock.now() / 1_000)
}
