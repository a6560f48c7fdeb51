import { useEffect } from 'react'
import { usePlatform } from '../hooks/use-platform.tsx'
import { useReadable } from '../hooks/use-readable.ts'
import { commonText } from '../i18n/common.ts'
import { useT } from '../i18n/locale.tsx'
import { useToast } from '../hooks/use-toast.ts'

/** Offers a reload when a new build is there. Nothing reloads by itself: somebody may be writing. */
export function useNewVersion(): void {
  const { newVersion, drafts, place } = usePlatform()
  const toast = useToast()
  const t = useT(commonText)
  const isThere = useReadable(newVersion)
  useEffect(() => {
    if (isThere) {
      const reload = () => {
        place.keep()
        void drafts.flush().finally(() => window.location.reload())
      }
      toast({ text: t.newVersion, stays: true, action: { label: t.reload, onSelect: reload } })
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for a new build, in the language of that moment
  }, [isThere])
}
