import type { Readable } from '@tam/client'
import { createContext, use } from 'react'

export interface Toast {
  readonly text: string
  readonly action?: { readonly label: string; readonly onSelect: () => void }
  /** Milliseconds. */
  readonly visibleMs?: number
  /** Goes as soon as this is false: what its action offers is over. */
  readonly visibleWhile?: Readable<boolean>
  /** Stays until it is dismissed or acted on. */
  readonly stays?: boolean
}

export type ShowToast = (toast: Toast) => void

export const ToastContext = createContext<ShowToast>(() => {})

/** Shows a short message at the bottom of the window; also read out, politely. */
export function useToast(): ShowToast {
  return use(ToastContext)
}
