import { useEffect, useState } from 'react'
import { useClock } from './use-platform.tsx'

/** Wall milliseconds, renewed every `everyMs`. */
export function useNow(everyMs: number): number {
  const clock = useClock()
  const [now, setNow] = useState(() => clock.now())
  useEffect(() => clock.every(everyMs, () => setNow(clock.now())), [clock, everyMs])
  return now
}
