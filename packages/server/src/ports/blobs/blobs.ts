/**
 * Bytes by random key. A key is written once and never changed. Every call may reject with BlobsUnavailable, a put with
 * BlobsFull; engines on this machine's disk reject with its other errors.
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

/** There is no space left: nothing was stored. */
export class BlobsFull extends Error {
  override name = 'BlobsFull'
}

/** The blobs cannot be reached now. A write may have happened. */
export class BlobsUnavailable extends Error {
  override name = 'BlobsUnavailable'
}
