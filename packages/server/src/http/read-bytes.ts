import { AppError } from '../errors.ts'

/**
 * The whole body, counted while it streams: never more than `maxBytes` plus one chunk is held.
 * @throws {AppError} payload_too_large
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) {
    throw new AppError('payload_too_large')
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength
    if (length > maxBytes) {
      throw new AppError('payload_too_large')
    }
    chunks.push(chunk)
  }
  const [only] = chunks
  return chunks.length === 1 && only ? only : concat(chunks, length)
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}
