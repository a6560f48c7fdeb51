import { useEffect, type RefObject } from 'react'
import { useClient } from '../../hooks/use-client.tsx'

/** Watches the presence of exactly the people whose rows (`data-peer`) are in view. `peers` are the people who have a row. */
export function useWatchVisible(container: RefObject<HTMLElement | null>, peers: ReadonlySet<string>): void {
  const { presence } = useClient()
  useEffect(() => {
    const root = container.current
    if (root === null) {
      return
    }
    const visible = new Set<string>()
    let stop = () => {}
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const id = (target as HTMLElement).dataset['peer'] ?? ''
          visible[isIntersecting ? 'add' : 'delete'](id)
        }
        const previous = stop
        stop = presence.watch([...visible])
        previous()
      },
      { root },
    )
    for (const row of root.querySelectorAll<HTMLElement>('[data-peer]')) {
      if (peers.has(row.dataset['peer'] ?? '')) {
        observer.observe(row)
      }
    }
    return () => {
      observer.disconnect()
      stop()
    }
  }, [container, presence, peers])
}
