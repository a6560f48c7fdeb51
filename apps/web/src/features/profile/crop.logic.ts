/** Sides of a picture, pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Which square of a picture is used: its centre as parts of width and height, and how far one went in. */
export interface Crop {
  readonly x: number
  readonly y: number
  readonly zoom: number
}

/** The whole shorter side is the square at 1. */
export const ZOOM_MAX = 4

/** The largest square in the middle. */
export const MIDDLE: Crop = { x: 0.5, y: 0.5, zoom: 1 }

/** The square in pixels of the picture. */
export function cropSquare(size: Size, { x, y, zoom }: Crop): { left: number; top: number; side: number } {
  const side = Math.min(size.width, size.height) / zoom
  return { left: x * size.width - side / 2, top: y * size.height - side / 2, side }
}

/** The nearest square that lies within the picture. */
export function within(size: Size, { x, y, zoom }: Crop): Crop {
  const bounded = Math.min(ZOOM_MAX, Math.max(1, zoom))
  const half = Math.min(size.width, size.height) / bounded / 2
  const axis = (value: number, length: number): number =>
    Math.min(1 - half / length, Math.max(half / length, value))
  return { x: axis(x, size.width), y: axis(y, size.height), zoom: bounded }
}

/** After the picture was dragged by so many pixels under a frame of `frame` pixels. */
export function dragged(
  size: Size,
  crop: Crop,
  { dx, dy, frame }: { readonly dx: number; readonly dy: number; readonly frame: number },
): Crop {
  const scale = cropSquare(size, crop).side / frame
  const x = crop.x - (dx * scale) / size.width
  const y = crop.y - (dy * scale) / size.height
  return within(size, { ...crop, x, y })
}

/** Where the picture lies behind a frame of `frame` pixels that shows the square. */
export function placement(
  size: Size,
  crop: Crop,
  frame: number,
): { left: number; top: number; width: number; height: number } {
  const { left, top, side } = cropSquare(size, crop)
  const scale = frame / side
  return {
    left: -left * scale,
    top: -top * scale,
    width: size.width * scale,
    height: size.height * scale,
  }
}
