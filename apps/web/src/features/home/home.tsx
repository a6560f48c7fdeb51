import { unreachable } from '@tam/util'
import { lazy, Suspense, useState } from 'react'
import { AllReadContext, useConversations, useNewAllRead } from '../../hooks/use-all-read.tsx'
import { useConversationTitle } from '../../hooks/use-conversation-title.ts'
import { createOverlays, OverlaysContext, useOverlays } from '../../hooks/use-overlays.tsx'
import { ComingPictureContext, type ComingPicture } from '../../hooks/use-own-picture.tsx'
import { useNarrow } from '../../hooks/use-narrow.ts'
import { useRoute, useRouter } from '../../hooks/use-platform.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { listText } from '../../i18n/list.ts'
import { useT } from '../../i18n/locale.tsx'
import { Shell } from '../../layout/shell.tsx'
import { focusLandmark } from '../../platform/focus.ts'
import { createState } from '../../platform/state.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ConnectionBanner } from '../connection/connection-banner.tsx'
import { ConversationList } from '../conversation-list/conversation-list.tsx'
import { attentionOf } from '../conversation-list/list.logic.ts'
import { ConversationView } from '../conversation/conversation-view.tsx'
import { HomeEmpty } from './home-empty.tsx'
import { Layers } from './layers.tsx'
import { Rail } from './rail.tsx'
import { SidePanel } from './side-panel.tsx'
import { useShortcuts } from './use-shortcuts.ts'
import { useWindowAttention } from './use-window-attention.ts'

const InvitePage = lazy(async () => ({ default: (await import('../invite/invite-page.tsx')).InvitePage }))

/** The signed-in application. */
export function Home() {
  const [overlays] = useState(createOverlays)
  const [picture] = useState(() => createState<ComingPicture>(undefined))
  return (
    <AllReadContext value={useNewAllRead()}>
      <ComingPictureContext value={picture}>
        <OverlaysContext value={overlays}>
          <Panes />
          <Layers />
        </OverlaysContext>
      </ComingPictureContext>
    </AllReadContext>
  )
}

function Panes() {
  const t = useT(listText)
  const route = useRoute()
  const [filter, setFilter] = useState<'all' | 'chats'>('all')
  const conversations = useConversations()
  const attention = attentionOf(conversations ?? [])
  const open = route.name === 'conversation' ? conversations?.find(({ id }) => id === route.id) : undefined
  const title = useConversationTitle(open)
  useWindowAttention(attention, open?.kind === 'channel' && title !== undefined ? `# ${title}` : title)
  useShortcuts()
  const router = useRouter()
  const narrow = useNarrow()
  const { panels: panelState, popPanel } = useOverlays()
  const panels = useReadable(panelState)
  return (
    <>
      <button
        type="button"
        onClick={() => focusLandmark('composer') || focusLandmark('list')}
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-menu bg-accent px-4 py-2 text-list font-medium text-on-accent focus:translate-y-0"
      >
        {t.skipToComposer}
      </button>
      <Shell
        showing={route.name === 'home' ? 'list' : 'main'}
        banner={<ConnectionBanner />}
        rail={<Rail filter={filter} onFilter={setFilter} directUnread={attention.direct} />}
        list={<ConversationList filter={filter} />}
        main={<MainPane />}
        panel={<SidePanel />}
        covered={narrow && panels.length > 0}
        onSwipedBack={() => (panels.length > 0 ? popPanel() : router.back({ name: 'home' }))}
      />
    </>
  )
}

function MainPane() {
  const route = useRoute()
  switch (route.name) {
    case 'conversation':
      return (
        <ConversationView
          key={route.id}
          id={route.id}
          {...(route.seq === undefined ? {} : { seq: route.seq })}
        />
      )
    case 'invite':
      return (
        <Suspense fallback={null}>
          <InvitePage key={route.token} token={route.token} />
        </Suspense>
      )
    case 'not-found':
      return <NotFound />
    case 'home':
    case 'login':
    case 'register':
      return <HomeEmpty />
    default:
      return unreachable(route)
  }
}

function NotFound() {
  const t = useT(conversationText)
  const router = useRouter()
  return (
    <main aria-label={t.linkNotFoundTitle} data-landmark="timeline" tabIndex={-1} className="h-full">
      <EmptyState
        title={t.linkNotFoundTitle}
        text={t.linkNotFoundLead}
        action={<Button onClick={() => router.go({ name: 'home' }, { replace: true })}>{t.toHome}</Button>}
      />
    </main>
  )
}
