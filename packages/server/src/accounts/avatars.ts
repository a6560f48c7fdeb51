import type { Me } from '@tam/protocol'
import { type Random, randomId } from '@tam/util'
import type { Blob, Blobs } from '../ports/blobs/blobs.ts'
import { Slots } from '../slots.ts'
import { avatarPath } from './avatar-path.ts'
import { makeAvatar } from './avatar-image.ts'

/** Images decoded at once: each may take 160 MB. */
const CONCURRENCY = 2
const WAITING_MAX = 16
const RETRY_AFTER_MS = 2_000
const KEY_LENGTH = 22
const CONTENT_TYPE = 'image/webp'

export interface AvatarsDeps {
  readonly blobs: Pick<Blobs, 'put' | 'get'>
  readonly profiles: { setAvatar(user: string, avatar: string): Promise<Me> }
  readonly random: Random
}

/** Pictures of people, by random keys that never change their content. */
export class Avatars {
  readonly #deps: AvatarsDeps
  readonly #slots = new Slots({ count: CONCURRENCY, waitingMax: WAITING_MAX, retryAfterMs: RETRY_AFTER_MS })

  constructor(deps: AvatarsDeps) {
    this.#deps = deps
  }

  /** @throws {AppError} unsupported_media_type, unprocessable_image, rate_limited, not_found, storage_full, unknown */
  async replace(user: string, upload: Uint8Array): Promise<Me> {
    const image = await this.#slots.run(() => makeAvatar(upload))
    const key = randomId(this.#deps.random, KEY_LENGTH)
    await this.#deps.blobs.put(key, image, CONTENT_TYPE)
    return this.#deps.profiles.setAvatar(user, avatarPath(key))
  }

  /** The image under a key of `/media/<key>`. */
  async read(key: string): Promise<Blob | undefined> {
    return this.#deps.blobs.get(key)
  }
}
