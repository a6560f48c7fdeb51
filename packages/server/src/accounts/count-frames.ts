/*
 * Frames of an animated image, from its container alone: nothing is decoded. Truncated or broken structure ends the
 * count; the decoder refuses it later. The walk takes at most one step per byte.
 */
export function countFrames(bytes: Uint8Array, mime: string): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  switch (mime) {
    case 'image/gif':
      return countGif(view)
    case 'image/png':
    case 'image/apng':
      return countChunks(
        view,
        { start: 8, bigEndian: true, lengthAt: 0, nameAt: 4, overhead: 12, padded: false },
        'fcTL',
      )
    case 'image/webp':
      return countChunks(
        view,
        { start: 12, bigEndian: false, lengthAt: 4, nameAt: 0, overhead: 8, padded: true },
        'ANMF',
      )
    default:
      return 1
  }
}

interface ChunkLayout {
  /** Offset of the first chunk. */
  readonly start: number
  readonly bigEndian: boolean
  /** Offsets inside a chunk. */
  readonly lengthAt: number
  readonly nameAt: number
  /** Bytes of a chunk beside its data. */
  readonly overhead: number
  /** Data of odd length is followed by one more byte. */
  readonly padded: boolean
}

function countChunks(view: DataView, layout: ChunkLayout, name: string): number {
  let count = 0
  let at = layout.start
  while (at + 8 <= view.byteLength) {
    const length = view.getUint32(at + layout.lengthAt, !layout.bigEndian)
    count += nameOf(view, at + layout.nameAt) === name ? 1 : 0
    at += layout.overhead + length + (layout.padded ? length % 2 : 0)
  }
  return Math.max(1, count)
}

function nameOf(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  )
}

const GIF_HEADER = 13
const GIF_IMAGE = 0x2c
const GIF_EXTENSION = 0x21

function countGif(view: DataView): number {
  let count = 0
  let at = GIF_HEADER + colorTableLength(view, 10)
  while (at + 1 < view.byteLength) {
    const block = view.getUint8(at)
    if (block === GIF_IMAGE && at + 10 < view.byteLength) {
      count++
      at = afterSubBlocks(view, at + 11 + colorTableLength(view, at + 9))
    } else if (block === GIF_EXTENSION) {
      at = afterSubBlocks(view, at + 2)
    } else {
      break
    }
  }
  return Math.max(1, count)
}

/** Bytes of the colour table announced by the packed field at `at`. */
function colorTableLength(view: DataView, at: number): number {
  const packed = at < view.byteLength ? view.getUint8(at) : 0
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1)
}

function afterSubBlocks(view: DataView, start: number): number {
  let at = start
  while (at < view.byteLength && view.getUint8(at) !== 0) {
    at += view.getUint8(at) + 1
  }
  return at + 1
}
