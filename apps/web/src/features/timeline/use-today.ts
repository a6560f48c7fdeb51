import { useEffect, useState } from 'react'
import { useClock } from '../../hooks/use-platform.tsx'

/** The present time, renewed at every local midnight: enough to tell today from yesterday. */
export function useToday(): number {
  const clock = useClock()
  const [now, setNow] = useState(() => clock.now())
  useEffect(() => {
    const midnight = new Date(now)
    midnight.setHours(24, 0, 0, 0)
    return clock.after(Math.max(1_000, midnight.getTime() - clock.now()), () => setNow(clock.now()))
  }, [clock, now])
  return now
}
