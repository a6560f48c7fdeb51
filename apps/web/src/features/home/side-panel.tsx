import { lazy, Suspense, useEffect } from 'react'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { useRoute } from '../../hooks/use-platform.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'

const ConversationInfo = lazy(async () => ({
  default: (await import('../conversation-info/conversation-info.tsx')).ConversationInfo,
}))

/** The slot at the right: docks from 1280 px on, covers the conversation below that, the whole window on a phone. */
export function SidePanel() {
  const t = useT(conversationText)
  const route = useRoute()
  const { panel: state, closePanel } = useOverlays()
  const panel = useReadable(state)
  const stays = panel !== null && route.name === 'conversation' && route.id === panel.conversation
  useEffect(() => {
    if (panel !== null && !stays) {
      closePanel()
    }
  }, [closePanel, panel, stays])
  if (panel === null || !stays) {
    return null
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc from anything inside closes it
    <aside
      aria-label={t.info}
      data-landmark="panel"
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented && !event.nativeEvent.isComposing) {
          closePanel()
        }
      }}
      className="panel absolute inset-y-0 right-0 z-20 w-full border-l border-border bg-canvas max-xl:shadow-modal sm:w-[372px] xl:static xl:shrink-0"
    >
      <Suspense fallback={null}>
        <ConversationInfo key={panel.conversation} id={panel.conversation} onClose={closePanel} />
      </Suspense>
    </aside>
  )
}
