import type { Clock } from '@tam/util'
import { S3Client } from 'bun'
import { checkBlobKey } from './blob-key.ts'
import type { S3Target } from './blobs.s3.target.ts'
import { type Blob, type Blobs, BlobsUnavailable } from './blobs.ts'

/** Seconds for which a reading that this process signs for itself counts. */
const SIGNED_SECONDS = 60
/** What one call may take, milliseconds. */
export const S3_WAIT_MS = 30_000
/** Any key: what matters is whether the bucket lets us in. */
const PROBE_KEY = 'probe'

export interface S3BlobsOptions {
  readonly target: S3Target
  readonly clock: Pick<Clock, 'after'>
  /** Hears why a call failed; its caller learns that it did. */
  readonly onFailure: (error: BlobsUnavailable) => void
}

/** The bucket cannot be used; the message names it and says what to do. */
export class S3OpenError extends Error {
  override name = 'S3OpenError'
  /** True when the service did not answer, or could not. */
  readonly isAway: boolean

  constructor(message: string, { isAway, cause }: { isAway: boolean; cause?: unknown }) {
    super(message, { cause })
    this.isAway = isAway
  }
}

/**
 * Blobs in a bucket of any service that speaks S3, shared by all servers.
 * @throws {S3OpenError} when the bucket cannot be read
 */
export async function openS3Blobs(options: S3BlobsOptions): Promise<Blobs> {
  const blobs = new S3Blobs(options)
  await blobs.probe()
  return blobs
}

class S3Blobs implements Blobs {
  readonly #options: S3BlobsOptions
  readonly #client: S3Client

  constructor(options: S3BlobsOptions) {
    const { endpoint, bucket, region, accessKeyId, secretAccessKey } = options.target
    this.#options = options
    this.#client = new S3Client({ endpoint, bucket, region, accessKeyId, secretAccessKey })
  }

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    const path = this.#path(key)
    await this.#inTime('a blob was not stored', () => this.#client.write(path, bytes, { type: contentType }))
  }

  async get(key: string): Promise<Blob | undefined> {
    const path = this.#path(key)
    return this.#inTime('a blob was not read', async (signal) => {
      const response = await this.#read(path, signal)
      if (response.status === 404) {
        await response.body?.cancel()
        return undefined
      }
      if (!response.ok) {
        throw new Error(`status ${response.status}`)
      }
      const contentType = response.headers.get('content-type') ?? 'application/octet-stream'
      return { bytes: await response.bytes(), contentType }
    })
  }

  async delete(key: string): Promise<void> {
    const path = this.#path(key)
    await this.#inTime('a blob was not deleted', () => this.#client.delete(path))
  }

  async close(): Promise<void> {}

  /** @throws {S3OpenError} */
  async probe(): Promise<void> {
    const { endpoint, bucket, prefix } = this.#options.target
    const name = `bucket ${bucket} at ${endpoint}`
    const { status, text } = await this.#inTime('no answer', async (signal) => {
      const response = await this.#read(`${prefix}${PROBE_KEY}`, signal)
      return { status: response.status, text: await response.text() }
    }).catch((cause: unknown) => {
      throw new S3OpenError(`${name}: no answer; check that it runs and that TAM_BLOBS_URL names it`, {
        isAway: true,
        cause,
      })
    })
    if (status >= 500) {
      throw new S3OpenError(`${name}: answers ${status}; is it well?`, { isAway: true })
    }
    if (text.includes('NoSuchBucket')) {
      throw new S3OpenError(`${name}: there is no such bucket; create it`, { isAway: false })
    }
    if (status >= 300 && status !== 404) {
      const advice = 'check key, secret and region in TAM_BLOBS_URL, and what they may do'
      throw new S3OpenError(`${name}: refused (${codeOf(text) ?? status}); ${advice}`, { isAway: false })
    }
  }

  // One request gives the bytes and their type; the client's own calls would need two.
  #read(path: string, signal: AbortSignal): Promise<Response> {
    return fetch(this.#client.presign(path, { method: 'GET', expiresIn: SIGNED_SECONDS }), { signal })
  }

  /** @throws {BlobsUnavailable} */
  async #inTime<Result>(failure: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const controller = new AbortController()
    const late = Promise.withResolvers<never>()
    const cancel = this.#options.clock.after(S3_WAIT_MS, () => {
      controller.abort()
      late.reject(new Error(`no answer for ${S3_WAIT_MS} ms`))
    })
    try {
      return await Promise.race([work(controller.signal), late.promise])
    } catch (cause) {
      const error = new BlobsUnavailable(failure, { cause })
      this.#options.onFailure(error)
      throw error
    } finally {
      cancel()
    }
  }

  #path(key: string): string {
    return this.#options.target.prefix + checkBlobKey(key)
  }
}

/** The service's own word for what is wrong, e.g. `SignatureDoesNotMatch`. */
function codeOf(xml: string): string | undefined {
  return /<Code>(\w+)<\/Code>/.exec(xml)?.[1]
}
