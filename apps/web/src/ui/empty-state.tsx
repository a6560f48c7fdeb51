import type { ReactNode } from 'react'
import '../styles/brand.css'
import { Logo } from './logo.tsx'

interface EmptyStateProps {
  readonly title: string
  readonly text: string
  /** The one thing to do about it. */
  readonly action?: ReactNode
}

/** A place with nothing in it yet: what it is for and how to begin. */
export function EmptyState({ title, text, action }: EmptyStateProps) {
  return (
    <div className="grid h-full place-items-center p-6">
      <div className="max-w-[26rem] text-center">
        <Logo className="mx-auto mb-5 size-14 opacity-90" />
        <h1 className="font-brand text-[1.375rem]/8 font-semibold tracking-[-0.01em] text-balance">
          {title}
        </h1>
        <p className="mt-2 text-message text-balance text-text2">{text}</p>
        {action !== undefined && <div className="mt-5">{action}</div>}
      </div>
    </div>
  )
}
