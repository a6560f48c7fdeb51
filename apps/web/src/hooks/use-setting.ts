import { useCallback, useRef, useState } from 'react'
import { describeError } from '../i18n/describe-error.ts'
import { errorText } from '../i18n/errors.ts'
import { useT } from '../i18n/locale.tsx'

interface Setting<P> {
  /** What was chosen and is not yet known to be kept; empty otherwise. */
  readonly chosen: Partial<P>
  /** Why the newest choice was not kept, as a sentence beside the setting. */
  readonly problem: string | undefined
  /** Shows the choice at once and keeps it; one that cannot be kept is taken back. Resolves to whether it was kept. */
  readonly choose: (patch: Partial<P>) => Promise<boolean>
}

/** Settings that the server keeps. Choices made in quick succession are kept in their order, the newest one lasts. */
export function useSetting<P extends object>(keep: (patch: Partial<P>) => Promise<unknown>): Setting<P> {
  const errors = useT(errorText)
  const [chosen, setChosen] = useState<Partial<P>>({})
  const [problem, setProblem] = useState<string>()
  const before = useRef<Promise<unknown>>(Promise.resolve())
  const newest = useRef(0)
  const choose = useCallback(
    async (patch: Partial<P>) => {
      const choice = ++newest.current
      setProblem(undefined)
      setChosen((earlier) => ({ ...earlier, ...patch }))
      const kept = before.current.then(() => keep(patch))
      before.current = kept.catch(() => {})
      try {
        await kept
        return true
      } catch (error) {
        setProblem(describeError(error, errors))
        return false
      } finally {
        if (choice === newest.current) {
          setChosen({})
        }
      }
    },
    [errors, keep],
  )
  return { chosen, problem, choose }
}
