import type { Presence } from '@tam/protocol'
import { useState } from 'react'
import { colourOf, initialOf, initialOfTitle } from './avatar.logic.ts'
import { PresenceDot } from './presence-dot.tsx'

const SIZES = {
  20: 'size-5 rounded-chip text-[10px]',
  24: 'size-6 rounded-chip text-[11px]',
  36: 'size-9 rounded-[11px] text-list',
  40: 'size-10 rounded-avatar text-message',
  64: 'size-16 rounded-[16px] text-section',
  96: 'size-24 rounded-[22px] text-hero',
} as const

export type AvatarSize = keyof typeof SIZES

interface AvatarProps {
  /** Decides the colour. */
  readonly id: string
  readonly name: string
  /** Path of the picture, or null for the initial, which also stands in where the picture cannot be had. */
  readonly src?: string | null
  readonly size: AvatarSize
  /** A group's title gives its first letter and a second card shows behind. */
  readonly group?: boolean
  readonly presence?: Presence['status'] | undefined
}

/** A person or group as a rounded square. Decorative: the name stands beside it. */
export function Avatar({ id, name, src = null, size, group = false, presence }: AvatarProps) {
  const [missing, setMissing] = useState<string>()
  return (
    <span className="relative inline-flex shrink-0" aria-hidden={presence === undefined ? true : undefined}>
      {group && (
        <span
          style={{ background: `var(--avatar-${colourOf(id)})` }}
          className={`${SIZES[size]} absolute top-0 left-0 translate-x-[3px] -translate-y-[3px] opacity-40`}
        />
      )}
      {src === null || src === missing ? (
        <span
          aria-hidden="true"
          style={{ background: `var(--avatar-${colourOf(id)})` }}
          className={`${SIZES[size]} relative grid place-items-center font-semibold text-white select-none`}
        >
          {group ? initialOfTitle(name) : initialOf(name)}
        </span>
      ) : (
        <img
          src={src}
          alt=""
          draggable={false}
          onError={() => setMissing(src)}
          className={`${SIZES[size]} relative bg-sunken object-cover`}
        />
      )}
      {presence !== undefined && <PresenceDot status={presence} large={size >= 64} />}
    </span>
  )
}
