/** Bytes by random key. A key is written once and never changed. */
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
