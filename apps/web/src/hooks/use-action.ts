import { useCallback, useRef, useState } from 'react'
import { describeError } from '../i18n/describe-error.ts'
import { errorText } from '../i18n/errors.ts'
import { useT } from '../i18n/locale.tsx'
import { useToast } from './use-toast.ts'

interface Action {
  readonly busy: boolean
  /** Runs `work` unless one is running; a failure becomes a toast. Resolves to whether it succeeded. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>
}

/** A call to the server behind a button. */
export function useAction(): Action {
  const errors = useT(errorText)
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      if (running.current) {
        return false
      }
      running.current = true
      setBusy(true)
      try {
        await work()
        return true
      } catch (error) {
        toast({ text: describeError(error, errors) })
        return false
      } finally {
        running.current = false
        setBusy(false)
      }
    },
    [errors, toast],
  )
  return { busy, run }
}
