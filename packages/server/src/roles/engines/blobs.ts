import { unreachable } from '@tam/util'
import { DirectoryBlobs } from '../../ports/blobs/blobs.directory.ts'
import { NoBlobs } from '../../ports/blobs/blobs.none.ts'
import { openS3Blobs, S3OpenError } from '../../ports/blobs/blobs.s3.ts'
import type { S3Target } from '../../ports/blobs/blobs.s3.target.ts'
import type { Blobs } from '../../ports/blobs/blobs.ts'
import type { EngineOptions } from '../engines.ts'
import { patiently } from '../patience.ts'
import { StartError } from '../start-errors.ts'

/** @throws {StartError} */
export async function openBlobs(options: EngineOptions): Promise<Blobs> {
  const { blobs } = options.config
  switch (blobs?.kind) {
    case undefined:
      return new NoBlobs()
    case 'directory':
      return openDirectory(blobs.path, options)
    case 's3':
      return patiently(options, () => openBucket(blobs.bucket, options))
    default:
      return unreachable(blobs)
  }
}

async function openDirectory(path: string, { clock, random }: EngineOptions): Promise<Blobs> {
  try {
    return await DirectoryBlobs.open(path, { clock, random })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `${path}: uploads cannot be kept there (${reason}); make it a directory that this user may write, or set TAM_BLOBS_URL`,
      { cause: error },
    )
  }
}

async function openBucket(target: S3Target, { clock, logger }: EngineOptions): Promise<Blobs> {
  try {
    const onFailure = (error: Error) => logger.warn({ err: error }, 'the bucket of uploads failed')
    return await openS3Blobs({ target, clock, onFailure })
  } catch (error) {
    if (error instanceof S3OpenError) {
      throw new StartError(error.message, { mayPass: error.isAway, cause: error })
    }
    throw error
  }
}
