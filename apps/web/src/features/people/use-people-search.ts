import type { User } from '@tam/protocol'
import { useEffect, useState } from 'react'
import { useClient } from '../../hooks/use-client.tsx'
import { useClock } from '../../hooks/use-platform.tsx'

/** A pause in typing before the server is asked. */
const DEBOUNCE_MS = 120
/** A faster answer never shows a spinner. */
const SPINNER_AFTER_MS = 200

export interface PeopleSearch {
  /** Of the last query that was answered. */
  readonly people: readonly User[]
  readonly status: 'idle' | 'pending' | 'slow' | 'done' | 'failed'
}

interface Progress extends PeopleSearch {
  /** What was asked; another query on screen means that its answer is still to come. */
  readonly query: string
}

/** People on the server by name or user name; the last query wins, stale answers are dropped. */
export function usePeopleSearch(typed: string): PeopleSearch {
  const { rest } = useClient()
  const clock = useClock()
  const [progress, setProgress] = useState<Progress>({ query: '', people: [], status: 'idle' })
  const query = typed.trim()
  useEffect(() => {
    if (query === '') {
      return
    }
    const controller = new AbortController()
    const settle = (people: readonly User[], status: 'done' | 'failed') => {
      cancelSpinner()
      if (!controller.signal.aborted) {
        setProgress({ query, people, status })
      }
    }
    const cancelSpinner = clock.after(DEBOUNCE_MS + SPINNER_AFTER_MS, () =>
      setProgress(({ people }) => ({ query, people, status: 'slow' })),
    )
    const cancelAsk = clock.after(DEBOUNCE_MS, () => {
      rest.searchUsers(query, controller.signal).then(
        (people) => settle(people, 'done'),
        () => settle([], 'failed'),
      )
    })
    return () => {
      cancelSpinner()
      cancelAsk()
      controller.abort()
    }
  }, [clock, query, rest])
  if (query === '') {
    return { people: [], status: 'idle' }
  }
  return progress.query === query ? progress : { people: progress.people, status: 'pending' }
}
