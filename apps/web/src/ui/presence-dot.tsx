import type { Presence } from '@tam/protocol'
import { commonText } from '../i18n/common.ts'
import { useT } from '../i18n/locale.tsx'

/** Filled, half, filled with a bar, ring: the shape says it without the colour. */
const SHAPES: Record<
  Exclude<Presence['status'], 'unknown'>,
  { readonly colour: string; readonly path: string; readonly filled: boolean }
> = {
  online: { colour: 'text-online', path: 'M1 5a4 4 0 1 0 8 0a4 4 0 1 0-8 0', filled: true },
  away: { colour: 'text-away', path: 'M1.9 5a3.1 3.1 0 1 0 6.2 0a3.1 3.1 0 1 0-6.2 0', filled: false },
  dnd: { colour: 'text-danger', path: 'M1 5a4 4 0 1 0 8 0a4 4 0 1 0-8 0', filled: true },
  offline: { colour: 'text-offline', path: 'M1.9 5a3.1 3.1 0 1 0 6.2 0a3.1 3.1 0 1 0-6.2 0', filled: false },
}

/** Sits on the corner of an avatar, ringed by the surface below (`--dot-ring`, the list's by default). */
export function PresenceDot({ status, large }: { status: Presence['status']; large: boolean }) {
  const t = useT(commonText)
  if (status === 'unknown') {
    // A mark that says nothing would only be in the way.
    return <span className="sr-only">{t.unknown}</span>
  }
  const shape = SHAPES[status]
  return (
    <span
      className={`absolute grid place-items-center rounded-full bg-(--dot-ring,var(--sidebar)) ${large ? 'right-0 bottom-0 size-5' : '-right-1 -bottom-1 size-3.5'}`}
    >
      <span className="sr-only">{t[status]}</span>
      <svg
        viewBox="0 0 10 10"
        aria-hidden="true"
        className={`${large ? 'size-3.5' : 'size-2.5'} stroke-current stroke-[1.8] ${shape.colour} ${shape.filled ? 'fill-current stroke-none' : 'fill-none'}`}
      >
        <path d={shape.path} />
        {status === 'dnd' && <path d="M3 5h4" className="stroke-(--dot-ring,var(--sidebar))" />}
        {status === 'away' && <path d="M5 1.9a3.1 3.1 0 0 1 0 6.2z" className="fill-current stroke-none" />}
      </svg>
    </span>
  )
}
