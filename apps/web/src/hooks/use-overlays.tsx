import type { Readable } from '@tam/client'
import { createContext, use } from 'react'
import { createState } from '../platform/state.ts'

export type DialogName = 'switcher' | 'new' | 'browse' | 'profile' | 'shortcuts' | 'all-read'

/** What the side panel shows about a conversation. */
export type Panel =
  | { readonly kind: 'info'; readonly conversation: string }
  | { readonly kind: 'person'; readonly conversation: string; readonly user: string }

/** A panel and what it was opened from, which gets the focus back. */
export interface OpenPanel {
  readonly panel: Panel
  readonly opener: Element | null
}

/** A person's card beside what was clicked. */
export interface OpenCard {
  readonly user: string
  readonly anchor: Element
}

/** Everything that opens over or beside the conversation; read the parts with `useReadable`. */
export interface Overlays {
  readonly dialog: Readable<DialogName | null>
  /** The open panels, each over the one before it; empty when there is none. */
  readonly panels: Readable<readonly OpenPanel[]>
  readonly card: Readable<OpenCard | null>
  openDialog(name: DialogName): void
  closeDialog(): void
  /** Shows `panel` in place of what the slot showed. */
  openPanel(panel: Panel): void
  /** Shows `panel` over the others. */
  pushPanel(panel: Panel): void
  /** Back to the panel below, which is as it was left; closes the last one. */
  popPanel(): void
  closePanels(): void
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
  const panels = createState<readonly OpenPanel[]>([])
  const card = createState<OpenCard | null>(null)
  return {
    dialog,
    panels,
    card,
    openDialog(name) {
      card.set(null)
      dialog.set(name)
    },
    closeDialog: () => dialog.set(null),
    openPanel: (panel) => panels.set([{ panel, opener: document.activeElement }]),
    pushPanel: (panel) => panels.update((open) => [...open, { panel, opener: document.activeElement }]),
    popPanel: () => panels.update((open) => (open.length === 0 ? open : open.slice(0, -1))),
    closePanels: () => panels.update((open) => (open.length === 0 ? open : [])),
    openCard: (user, anchor) => card.set({ user, anchor }),
    closeCard: () => card.set(null),
  }
}
