import type { Readable } from '@tam/client'
import { useEffect, useState } from 'react'
import { useClient } from '../../../hooks/use-client.tsx'
import { useClock } from '../../../hooks/use-platform.tsx'
import { useT } from '../../../i18n/locale.tsx'
import { timelineText } from '../../../i18n/timeline.ts'
import { createAnnouncer } from '../announcer.logic.ts'
import { callName } from '../call-name.logic.ts'

/** Older announcements leave the DOM; they have been read out. */
const KEPT = 3
/** Nobody listens to more of one message while others arrive; the row has all of it. */
const TEXT_MAX = 500

interface AnnouncementsProps {
  readonly conversationId: string
  readonly attention: Readable<boolean>
}

/** Says arriving messages to screen readers. Apart from the rows: those come and go with scrolling. */
export function Announcements({ conversationId, attention }: AnnouncementsProps) {
  const client = useClient()
  const clock = useClock()
  const t = useT(timelineText)
  const [said, setSaid] = useState<readonly { readonly id: number; readonly text: string }[]>([])
  useEffect(() => {
    let id = 0
    const say = (text: string): void => setSaid((before) => [...before, { id: id++, text }].slice(-KEPT))
    const announcer = createAnnouncer(clock, say, t.announceCount)
    const unsubscribe = client.on('message', ({ conversation, item }) => {
      if (conversation === conversationId && attention.get()) {
        const author = client.users.get(item.from)?.name
        announcer.push(
          t.announce(author === undefined ? t.someone : callName(author), item.text.slice(0, TEXT_MAX)),
        )
      }
    })
    return () => {
      unsubscribe()
      announcer.stop()
    }
  }, [client, clock, conversationId, attention, t])
  return (
    <div role="log" aria-live="polite" aria-relevant="additions" aria-label={t.region} className="sr-only">
      {said.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  )
}
