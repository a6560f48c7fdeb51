import type { Readable } from '@tam/client'
import { createContext, use } from 'react'
import { createState } from '../platform/state.ts'

export type DialogName = 'switcher' | 'new' | 'browse' | 'profile'

/** What the side panel shows. */
export type Panel = { readonly kind: 'info'; readonly conversation: string }

/** A person's card beside what was clicked. */
export interface OpenCard {
  readonly user: string
  readonly anchor: Element
}

/** Everything that opens over or beside the conversation; read the parts with `useReadable`. */
export interface Overlays {
  readonly dialog: Readable<DialogName | null>
  readonly panel: Readable<Panel | null>
  readonly card: Readable<OpenCard | null>
  openDialog(name: DialogName): void
  closeDialog(): void
  openPanel(panel: Panel): void
  closePanel(): void
  /** Shows who a person is, with a way to write to them. */
  openCard(user: string, anchor: Element): void
  closeCard(): void
}

export const OverlaysContext = createContext<Overlays | undefined>(undefined)

export function useOverlays(): Overlays {
  const overlays = use(OverlaysContext)
  if (overlays === undefined) {
    throw new Error('useOverlays needs an OverlaysContext above it')
  }
  return overlays
}

export function createOverlays(): Overlays {
  const dialog = createState<DialogName | null>(null)
  const panel = createState<Panel | null>(null)
  const card = createState<OpenCard | null>(null)
  return {
    dialog,
    panel,
    card,
    openDialog(name) {
      card.set(null)
      dialog.set(name)
    },
    closeDialog: () => dialog.set(null),
    openPanel: panel.set,
    closePanel: () => panel.set(null),
    openCard: (user, anchor) => card.set({ user, anchor }),
    closeCard: () => card.set(null),
  }
}
