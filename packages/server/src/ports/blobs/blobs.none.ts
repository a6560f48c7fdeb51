import { AssertionError } from '@tam/util'
import type { Blob, Blobs } from './blobs.ts'

/** For processes that never touch uploads: asking is a bug. */
export class NoBlobs implements Blobs {
  put(): Promise<void> {
    return refuse()
  }

  get(): Promise<Blob | undefined> {
    return refuse()
  }

  delete(): Promise<void> {
    return refuse()
  }

  async close(): Promise<void> {}
}

async function refuse(): Promise<never> {
  throw new AssertionError('this process has no uploads')
}
