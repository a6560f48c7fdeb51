import { DirectoryBlobs } from '../../ports/blobs/blobs.directory.ts'
import { NoBlobs } from '../../ports/blobs/blobs.none.ts'
import type { Blobs } from '../../ports/blobs/blobs.ts'
import type { EngineOptions } from '../engines.ts'
import { StartError } from '../start-errors.ts'

/** @throws {StartError} */
export async function openBlobs({ config: { blobs }, clock, random }: EngineOptions): Promise<Blobs> {
  if (blobs === undefined) {
    return new NoBlobs()
  }
  try {
    return await DirectoryBlobs.open(blobs.path, { clock, random })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `${blobs.path}: uploads cannot be kept there (${reason}); make it a directory that this user may write, or set TAM_BLOBS_URL`,
      { cause: error },
    )
  }
}
