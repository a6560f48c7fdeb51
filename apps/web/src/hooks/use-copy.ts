import { errorText } from '../i18n/errors.ts'
import { useT } from '../i18n/locale.tsx'
import { useToast } from './use-toast.ts'

/** Copies text and says so. The clipboard is refused on plain http: then it says that something went wrong. */
export function useCopy(): (text: string, done: string) => void {
  const toast = useToast()
  const errors = useT(errorText)
  return (text, done) => {
    const copied = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))
    copied.then(
      () => toast({ text: done }),
      () => toast({ text: errors.unexpected }),
    )
  }
}
