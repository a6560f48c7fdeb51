/** The only source of chance in the core, so that a seed replays a run. */
export interface Random {
  /** Uniform in [0, 1). */
  float(): number
  /** `length` random bytes; cryptographically strong in production. */
  bytes(length: number): Uint8Array
}

export const systemRandom: Random = {
  float: () => Math.random(),
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** A random id of `length` base64url characters, 6 bits each. */
export function randomId(random: Random, length: number): string {
  let id = ''
  for (const byte of random.bytes(length)) {
    id += ALPHABET[byte & 63]
  }
  return id
}

/** A `Random` replayed from a seed (mulberry32); for tests and simulations, never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const float = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return { float, bytes: (length) => Uint8Array.from({ length }, () => Math.floor(float() * 256)) }
}
