/**
 * Bytes by random key. A key is written once and never changed. Every call may reject with BlobsUnavailable; engines on
 * this machine's disk reject with its errors.
 */
export interface Blobs {
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>
  get(key: string): Promise<Blob | undefined>
  delete(key: string): Promise<void>
  close(): Promise<void>
}

export interface Blob {
  readonly bytes: Uint8Array
  readonly contentType: string
}

/** The blobs cannot be reached now. A write may have happened. */
export class BlobsUnavailable extends Error {
  override name = 'BlobsUnavailable'
}
