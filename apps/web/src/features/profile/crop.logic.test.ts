import { expect, test } from 'bun:test'
import { cropSquare, dragged, MIDDLE, placement, within, ZOOM_MAX } from './crop.logic.ts'

const wide = { width: 1_200, height: 400 }

test('[PRO-01] the first square is the largest one, in the middle', () => {
  expect(cropSquare(wide, MIDDLE)).toEqual({ left: 400, top: 0, side: 400 })
})

test('[PRO-01] dragging moves the picture with the finger, and never past its edge', () => {
  const left = dragged(wide, MIDDLE, { dx: 50, dy: 30, frame: 200 })
  expect(cropSquare(wide, left)).toEqual({ left: 300, top: 0, side: 400 })
  const end = dragged(wide, MIDDLE, { dx: 10_000, dy: -10_000, frame: 200 })
  expect(cropSquare(wide, end)).toEqual({ left: 0, top: 0, side: 400 })
})

test('[PRO-01] going in keeps the middle, going out comes back within the picture', () => {
  const close = within(wide, { ...MIDDLE, zoom: 2 })
  expect(cropSquare(wide, close)).toEqual({ left: 500, top: 100, side: 200 })
  const corner = dragged(wide, close, { dx: -10_000, dy: -10_000, frame: 200 })
  expect(cropSquare(wide, corner)).toEqual({ left: 1_000, top: 200, side: 200 })
  expect(cropSquare(wide, within(wide, { ...corner, zoom: 1 }))).toEqual({ left: 800, top: 0, side: 400 })
  expect(within(wide, { ...MIDDLE, zoom: 99 }).zoom).toBe(ZOOM_MAX)
})

test('[PRO-01] the picture lies so that the frame shows the square', () => {
  expect(placement(wide, MIDDLE, 200)).toEqual({ left: -200, top: -0, width: 600, height: 200 })
})
