import { createContext, use } from 'react'
import type { State } from '../platform/state.ts'
import { useMe } from './use-client.tsx'
import { useReadable } from './use-readable.ts'

/** The address of one's picture while it is on its way to the server, null while it is taken away there. */
export type ComingPicture = { readonly src: string | null } | undefined

export const ComingPictureContext = createContext<State<ComingPicture> | undefined>(undefined)

export function useComingPicture(): State<ComingPicture> {
  const coming = use(ComingPictureContext)
  if (coming === undefined) {
    throw new Error('useComingPicture needs a ComingPictureContext above it')
  }
  return coming
}

/** The address of one's picture as it is shown: a change shows at once. */
export function useOwnPicture(): string | null {
  const coming = useReadable(useComingPicture())
  const { avatar } = useMe()
  return coming === undefined ? avatar : coming.src
}
