import { deflateSync, inflateSync } from 'node:zlib'
import { assert } from '@tam/util'

/** An image of 8-bit samples, row after row. */
export interface Bitmap {
  readonly width: number
  readonly height: number
  /** Samples per pixel: 3 (RGB) or 4 (RGBA). */
  readonly channels: number
  readonly samples: Uint8Array
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const COLOR_TYPE_CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 }
const CHUNK_OVERHEAD = 12

/** Decodes what our own encoder wrote: 8 bits, RGB or RGBA, not interlaced. Never for bytes from outside. */
export function decodePng(png: Uint8Array): Bitmap {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const width = view.getUint32(16)
  const height = view.getUint32(20)
  const channels = COLOR_TYPE_CHANNELS[view.getUint8(25)]
  assert(
    channels !== undefined && view.getUint8(24) === 8 && view.getUint8(28) === 0,
    'a plain PNG of our own',
  )
  const lines = inflateSync(Buffer.concat(dataChunks(view)))
  return { width, height, channels, samples: unfilter(lines, width * channels, channels) }
}

/** The largest square in the middle. */
export function cropSquare({ width, height, channels, samples }: Bitmap): Bitmap {
  const size = Math.min(width, height)
  const left = Math.floor((width - size) / 2)
  const top = Math.floor((height - size) / 2)
  const cropped = new Uint8Array(size * size * channels)
  for (let y = 0; y < size; y++) {
    const from = ((top + y) * width + left) * channels
    cropped.set(samples.subarray(from, from + size * channels), y * size * channels)
  }
  return { width: size, height: size, channels, samples: cropped }
}

/** A PNG of nothing but the pixels. */
export function encodePng({ width, height, channels, samples }: Bitmap): Uint8Array {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, channels === 4 ? 6 : 2], 8)
  const stride = width * channels
  const lines = new Uint8Array((stride + 1) * height)
  for (let y = 0; y < height; y++) {
    lines.set(samples.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1)
  }
  const data = deflateSync(lines, { level: 0 })
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', new Uint8Array(0)),
  ])
}

function dataChunks(view: DataView): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = SIGNATURE.length; at + CHUNK_OVERHEAD <= view.byteLength;) {
    const length = view.getUint32(at)
    if (view.getUint32(at + 4) === 0x49444154) {
      chunks.push(new Uint8Array(view.buffer, view.byteOffset + at + 8, length))
    }
    at += CHUNK_OVERHEAD + length
  }
  return chunks
}

/** Undoes the filter that begins every line (PNG specification, section 9). */
function unfilter(lines: Uint8Array, stride: number, channels: number): Uint8Array {
  const height = Math.floor(lines.length / (stride + 1))
  const samples = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = lines[y * (stride + 1)] ?? 0
    const row = y * stride
    for (let x = 0; x < stride; x++) {
      const left = x < channels ? 0 : (samples[row + x - channels] ?? 0)
      const up = y === 0 ? 0 : (samples[row - stride + x] ?? 0)
      const corner = x < channels || y === 0 ? 0 : (samples[row - stride + x - channels] ?? 0)
      samples[row + x] = (lines[row + y + 1 + x] ?? 0) + predict(filter, left, up, corner)
    }
  }
  return samples
}

function predict(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left
    case 2:
      return up
    case 3:
      return (left + up) >> 1
    case 4:
      return paeth(left, up, corner)
    default:
      return 0
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner
  const toLeft = Math.abs(estimate - left)
  const toUp = Math.abs(estimate - up)
  const toCorner = Math.abs(estimate - corner)
  if (toLeft <= toUp && toLeft <= toCorner) {
    return left
  }
  return toUp <= toCorner ? up : corner
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CHUNK_OVERHEAD + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(new TextEncoder().encode(name), 4)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, Bun.hash.crc32(bytes.subarray(4, 8 + data.length)))
  return bytes
}
