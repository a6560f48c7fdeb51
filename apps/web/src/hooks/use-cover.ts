import { useEffect, useEffectEvent } from 'react'
import { useRouter } from './use-platform.tsx'
import { useNarrow } from './use-narrow.ts'

/** What is mounted covers the whole page on a phone: there the back gesture calls `onBack`. */
export function useCover(onBack: () => void): void {
  const router = useRouter()
  const narrow = useNarrow()
  const back = useEffectEvent(onBack)
  useEffect(() => (narrow ? router.cover(() => back()) : undefined), [narrow, router])
}
