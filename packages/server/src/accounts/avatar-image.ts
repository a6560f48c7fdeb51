import { fileTypeFromBuffer } from 'file-type'
import { AppError } from '../errors.ts'
import { countFrames } from './count-frames.ts'
import { cropSquare, decodePng, encodePng } from './png.ts'

/** Width and height of a stored avatar, pixels. */
export const AVATAR_SIZE = 256
/** Pixels an image may claim; checked against its header before anything is decoded. */
const PIXELS_MAX = 40_000_000
const FRAMES_MAX = 200
/** Longest side while cropping: beyond this, what is left of the short side is enlarged. */
const LONG_SIDE_MAX = 8 * AVATAR_SIZE
const QUALITY = 82
const TYPES = new Set(['image/jpeg', 'image/png', 'image/apng', 'image/webp', 'image/gif'])

/**
 * A square WebP of the middle of an image: decoded and encoded anew, so that nothing else of the upload survives.
 * The bytes decide what it is, not a name or header.
 * @throws {AppError} unsupported_media_type, unprocessable_image
 */
export async function makeAvatar(bytes: Uint8Array): Promise<Uint8Array> {
  const type = await fileTypeFromBuffer(bytes)
  if (type === undefined || !TYPES.has(type.mime)) {
    throw new AppError('unsupported_media_type', { detail: 'An avatar is a JPEG, PNG, WebP or GIF image' })
  }
  if (countFrames(bytes, type.mime) > FRAMES_MAX) {
    throw new AppError('unprocessable_image', { detail: `The image has more than ${FRAMES_MAX} frames` })
  }
  try {
    return await encode(bytes)
  } catch (cause) {
    throw new AppError('unprocessable_image', { cause })
  }
}

// Bun.Image cannot crop: the image is first brought to AVATAR_SIZE on its short side, whichever way up it is.
async function encode(bytes: Uint8Array): Promise<Uint8Array> {
  const options = { maxPixels: PIXELS_MAX }
  const { width, height } = await new Bun.Image(bytes, options).metadata()
  const ratio = Math.max(width, height) / Math.min(width, height)
  const longSide = Math.min(LONG_SIDE_MAX, Math.ceil(AVATAR_SIZE * ratio))
  const reduced = await new Bun.Image(bytes, options)
    .resize(longSide, longSide, { fit: 'inside' })
    .png({ compressionLevel: 0 })
    .bytes()
  const square = encodePng(cropSquare(decodePng(reduced)))
  return new Bun.Image(square).resize(AVATAR_SIZE, AVATAR_SIZE).webp({ quality: QUALITY }).bytes()
}
