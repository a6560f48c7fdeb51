import { checkBlobKey } from './blob-key.ts'
import type { Blob, Blobs } from './blobs.ts'

/** Blobs in memory, for tests. */
export class MemoryBlobs implements Blobs {
  readonly #blobs = new Map<string, Blob>()

  async put(key: string, bytes: Uint8Array, contentType: string): Promise<void> {
    this.#blobs.set(checkBlobKey(key), { bytes: bytes.slice(), contentType })
  }

  async get(key: string): Promise<Blob | undefined> {
    return this.#blobs.get(checkBlobKey(key))
  }

  async delete(key: string): Promise<void> {
    this.#blobs.delete(checkBlobKey(key))
  }

  async close(): Promise<void> {}
}
