import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { commonText } from '../../../i18n/common.ts'
import { profileText } from '../../../i18n/profile.ts'
import { useT } from '../../../i18n/locale.tsx'
import { Button } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { dragged, MIDDLE, placement, within, ZOOM_MAX, type Crop } from '../crop.logic.ts'
import type { OpenPicture } from '../picture-file.ts'

/** Pixels of the square one works on, and of the sizes the picture appears in. */
const FRAME = 192
const PREVIEWS = [
  { side: 96, radius: 22 },
  { side: 36, radius: 11 },
  { side: 20, radius: 6 },
] as const
/** Pixels by which an arrow key moves the picture. */
const KEY_STEP = 8

interface CropPictureProps {
  readonly picture: OpenPicture
  readonly onUse: (crop: Crop) => void
  readonly onCancel: () => void
}

/** Chooses the square of a picture by dragging and zooming, and shows it at the sizes it appears in. */
export function CropPicture({ picture, onUse, onCancel }: CropPictureProps) {
  const t = useT(profileText)
  const common = useT(commonText)
  const [crop, setCrop] = useState(MIDDLE)
  const { size } = picture
  return (
    <div className="rounded-menu bg-sunken p-4">
      <div className="flex flex-wrap items-start gap-5">
        <div>
          <Frame picture={picture} crop={crop} onCrop={setCrop} />
          <label className="mt-3 flex items-center gap-2 text-text2">
            <Icon name="search" className="size-4" />
            <span className="sr-only">{t.pictureZoom}</span>
            <input
              type="range"
              min={1}
              max={ZOOM_MAX}
              step={0.05}
              value={crop.zoom}
              onChange={(event) => setCrop(within(size, { ...crop, zoom: Number(event.target.value) }))}
              className="h-6 min-w-0 flex-1 accent-accent"
            />
          </label>
        </div>
        <div className="min-w-40 flex-1">
          <p className="mb-3 text-secondary text-text2">{t.pictureCropHint}</p>
          <div className="flex items-end gap-4">
            {PREVIEWS.map(({ side, radius }) => (
              <Square key={side} picture={picture} crop={crop} side={side} radius={radius} />
            ))}
          </div>
        </div>
      </div>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button size="small" variant="ghost" onClick={onCancel}>
          {common.cancel}
        </Button>
        <Button size="small" variant="primary" needsServer onClick={() => onUse(crop)}>
          {t.usePicture}
        </Button>
      </div>
    </div>
  )
}

interface FrameProps {
  readonly picture: OpenPicture
  readonly crop: Crop
  readonly onCrop: (crop: Crop) => void
}

function Frame({ picture, crop, onCrop }: FrameProps) {
  const t = useT(profileText)
  const last = useRef<{ readonly x: number; readonly y: number }>(undefined)
  const move = (dx: number, dy: number) => onCrop(dragged(picture.size, crop, { dx, dy, frame: FRAME }))
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    last.current = { x: event.clientX, y: event.clientY }
  }
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (last.current !== undefined) {
      move(event.clientX - last.current.x, event.clientY - last.current.y)
      last.current = { x: event.clientX, y: event.clientY }
    }
  }
  const onPointerUp = () => {
    last.current = undefined
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step !== undefined) {
      event.preventDefault()
      move(step[0] * KEY_STEP, step[1] * KEY_STEP)
    }
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dragged with a pointer, moved with arrows
    <div
      role="application"
      aria-label={t.pictureMove}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onKeyDown={onKeyDown}
      className="cursor-grab touch-none rounded-[44px] active:cursor-grabbing"
    >
      <Square picture={picture} crop={crop} side={FRAME} radius={44} />
    </div>
  )
}

/** The picture goes with the arrow. */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

interface SquareProps {
  readonly picture: OpenPicture
  readonly crop: Crop
  readonly side: number
  readonly radius: number
}

function Square({ picture, crop, side, radius }: SquareProps) {
  return (
    <div
      style={{ width: side, height: side, borderRadius: radius }}
      className="relative shrink-0 overflow-hidden bg-border"
    >
      <img
        src={picture.url}
        alt=""
        draggable={false}
        data-preview={side}
        style={placement(picture.size, crop, side)}
        className="absolute max-w-none select-none"
      />
    </div>
  )
}
