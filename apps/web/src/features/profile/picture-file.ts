import { cropSquare, type Crop, type Size } from './crop.logic.ts'

/** A file beyond this is not even opened: decoded it would take gigabytes. */
export const PICTURE_FILE_MAX_BYTES = 64 * 1_048_576
/** Pixels of the square that is sent; twice what the server keeps. */
const SENT_SIDE = 512
const QUALITY = 0.92

/** A picture that the browser has opened. `close` frees it. */
export interface OpenPicture {
  readonly url: string
  readonly size: Size
  /** The square as a file. @throws when the browser has no memory left for it */
  cut(crop: Crop): Promise<Blob>
  close(): void
}

export type PictureProblem = 'too-large' | 'heic' | 'unreadable'

/** Opens what was chosen, or says why not. */
export async function openPicture(file: File): Promise<OpenPicture | PictureProblem> {
  if (file.size > PICTURE_FILE_MAX_BYTES) {
    return 'too-large'
  }
  const url = URL.createObjectURL(file)
  const image = new Image()
  image.src = url
  try {
    await image.decode()
  } catch {
    URL.revokeObjectURL(url)
    return isHeic(file) ? 'heic' : 'unreadable'
  }
  return {
    url,
    size: { width: image.naturalWidth, height: image.naturalHeight },
    cut: (crop) => cut(image, crop),
    close: () => URL.revokeObjectURL(url),
  }
}

/** What iPhones save; only Safari opens it. Many systems give the file no type. */
function isHeic(file: File): boolean {
  return /^image\/hei[cf]/.test(file.type) || /\.hei[cf]$/i.test(file.name)
}

async function cut(image: HTMLImageElement, crop: Crop): Promise<Blob> {
  const { left, top, side } = cropSquare({ width: image.naturalWidth, height: image.naturalHeight }, crop)
  const canvas = document.createElement('canvas')
  canvas.width = SENT_SIDE
  canvas.height = SENT_SIDE
  const context = canvas.getContext('2d')
  if (context === null) {
    throw new Error('no canvas to draw on')
  }
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, left, top, side, side, 0, 0, SENT_SIDE, SENT_SIDE)
  // Safari writes no WebP and falls back to PNG by itself.
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', QUALITY))
  if (blob === null) {
    throw new Error('the browser could not write the picture')
  }
  return blob
}
