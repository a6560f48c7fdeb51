import type { Channel } from '@tam/protocol'
import { useEffect, useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient } from '../../hooks/use-client.tsx'
import { useRouter } from '../../hooks/use-platform.tsx'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { switcherText } from '../../i18n/switcher.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

/** For the address of a conversation that the person is not in: a public channel can be joined, of others nothing is told. */
export function NotFound({ id }: { id: string }) {
  const t = useT(conversationText)
  const words = useT(switcherText)
  const { rest } = useClient()
  const { busy, run } = useAction()
  const channel = usePublicChannel(id)
  const lead = [t.publicChannel, channel && words.memberCount(channel.memberCount), channel?.topic]
  return (
    <main
      aria-label={channel?.title ?? t.notFoundTitle}
      data-landmark="timeline"
      tabIndex={-1}
      className="h-full"
    >
      {channel === undefined ? (
        <EmptyState title={t.notFoundTitle} text={t.notFoundLead} action={<Home />} />
      ) : (
        <EmptyState
          title={`#${channel.title}`}
          text={lead.filter(Boolean).join(' · ')}
          action={
            <div className="flex justify-center gap-2">
              <Home />
              <Button
                variant="primary"
                needsServer
                busy={busy}
                onClick={() => void run(() => rest.joinChannel(id))}
              >
                {words.join}
              </Button>
            </div>
          }
        />
      )}
    </main>
  )
}

function Home() {
  const t = useT(conversationText)
  const router = useRouter()
  return <Button onClick={() => router.go({ name: 'home' }, { replace: true })}>{t.toHome}</Button>
}

function usePublicChannel(id: string): Channel | undefined {
  const { rest } = useClient()
  const [channel, setChannel] = useState<Channel>()
  useEffect(() => {
    const controller = new AbortController()
    const find = async () => {
      const channels = await rest.browseChannels('', controller.signal)
      setChannel(channels.find((one) => one.id === id))
    }
    // Without an answer it is not found, as it says.
    find().catch(() => {})
    return () => controller.abort()
  }, [id, rest])
  return channel?.id === id ? channel : undefined
}
