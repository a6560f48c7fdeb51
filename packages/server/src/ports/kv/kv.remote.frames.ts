import type { Change, CommitResult, KeyedRow, Row, RowRef, ScanRange } from './kv.ts'

/** What a client asks; `id` is unique among those in flight on one connection. */
export type KvRequest = { readonly id: number } & KvCall

export type KvCall =
  | { readonly op: 'get'; readonly partition: string; readonly key: string }
  | { readonly op: 'getMany'; readonly refs: readonly RowRef[] }
  | { readonly op: 'scan'; readonly partition: string; readonly range: ScanRange }
  | { readonly op: 'commit'; readonly partition: string; readonly change: Change }

/** The answer to each call; JSON has no undefined, so an absent row is null. */
export interface KvResults {
  readonly get: Row | null
  readonly getMany: readonly (Row | null)[]
  readonly scan: KeyedRow[]
  readonly commit: CommitResult
}

export type KvReply =
  | { readonly id: number; readonly result: KvResults[keyof KvResults] }
  /** `full`: nothing was stored. `unknown`: whether it was is not known. */
  | { readonly id: number; readonly error: 'unknown' | 'full'; readonly message: string }

/** Bytes of one message; a longer one ends the connection. The largest commit of the log has 48 KiB. */
export const FRAME_BYTES_MAX = 64 * 1024 * 1024
const LENGTH_BYTES = 4

/** The other side does not speak this protocol. */
export class FrameError extends Error {
  override name = 'FrameError'
}

/** A message as it goes over the wire: its length in bytes (32 bits, big-endian), then JSON. */
export function encodeFrame(message: KvRequest | KvReply): Buffer {
  const text = JSON.stringify(message)
  const length = Buffer.byteLength(text)
  if (length > FRAME_BYTES_MAX) {
    throw new FrameError(`a message of ${length} bytes; ${FRAME_BYTES_MAX} at most`)
  }
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + length)
  frame.writeUInt32BE(length)
  frame.write(text, LENGTH_BYTES)
  return frame
}

/** Cuts a stream of bytes, however it arrives, into messages. */
export class FrameReader {
  #chunks: Buffer[] = []
  #size = 0

  /** The messages that `chunk` completes. @throws {FrameError} */
  push(chunk: Buffer): unknown[] {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    const messages: unknown[] = []
    for (let length = this.#nextLength(); length !== undefined; length = this.#nextLength()) {
      messages.push(
        parse(
          this.#take(LENGTH_BYTES + length)
            .subarray(LENGTH_BYTES)
            .toString(),
        ),
      )
    }
    return messages
  }

  /** Of the message at the front, once all of it is here. */
  #nextLength(): number | undefined {
    if (this.#size < LENGTH_BYTES) {
      return undefined
    }
    const first = this.#chunks[0]
    const head = first !== undefined && first.length >= LENGTH_BYTES ? first : this.#join()
    const length = head.readUInt32BE()
    if (length > FRAME_BYTES_MAX) {
      throw new FrameError(`a message of ${length} bytes; ${FRAME_BYTES_MAX} at most`)
    }
    return this.#size >= LENGTH_BYTES + length ? length : undefined
  }

  #take(length: number): Buffer {
    const whole = this.#join()
    this.#chunks = [whole.subarray(length)]
    this.#size -= length
    return whole.subarray(0, length)
  }

  #join(): Buffer {
    const [first] = this.#chunks
    const whole = first !== undefined && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks)
    this.#chunks = [whole]
    return whole
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new FrameError('a message that is no JSON', { cause: error })
  }
}
