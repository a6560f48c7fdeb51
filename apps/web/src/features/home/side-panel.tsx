import { lazy, Suspense, useEffect, useRef } from 'react'
import { useCover } from '../../hooks/use-cover.ts'
import { useOverlays, type OpenPanel, type Panel } from '../../hooks/use-overlays.tsx'
import { useRoute } from '../../hooks/use-platform.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { useNarrow } from '../../hooks/use-narrow.ts'
import { commonText } from '../../i18n/common.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { focusAfterClose, focusLandmark } from '../../platform/focus.ts'
import { IconButton } from '../../ui/button.tsx'

const importPanels = () => import('../conversation-info/conversation-info.tsx')
const ConversationInfo = lazy(async () => ({ default: (await importPanels()).ConversationInfo }))
const PersonPanel = lazy(async () => ({ default: (await importPanels()).PersonPanel }))

/**
 * The slot at the right: docks from 1280 px on, covers the conversation below that, the whole window on a phone.
 * Panels stack; what lies below keeps its scroll and its text.
 */
export function SidePanel() {
  const t = useT(conversationText)
  const { closePanels } = useOverlays()
  const panels = usePanelsHere()
  usePanelFocus(panels)
  if (panels.length === 0) {
    return null
  }
  return (
    <>
      <div aria-hidden="true" className="panel-scrim" onClick={closePanels} />
      <aside aria-label={t.info} data-landmark="panel" tabIndex={-1} className="panel">
        {panels.map(({ panel }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the place in the stack is the identity
          <Layer key={index} panel={panel} covered={index < panels.length - 1} first={index === 0} />
        ))}
      </aside>
    </>
  )
}

interface LayerProps {
  readonly panel: Panel
  readonly covered: boolean
  readonly first: boolean
}

function Layer({ panel, covered, first }: LayerProps) {
  const t = useT(conversationText)
  const common = useT(commonText)
  const { popPanel, closePanels } = useOverlays()
  useCover(popPanel)
  return (
    <section inert={covered} className={`panel-layer ${first ? '' : 'panel-layer-over'}`}>
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-border px-3">
        {!first && <IconButton icon="back" label={common.back} onClick={popPanel} data-landmark-focus />}
        <h2 className={`line-cut flex-1 text-title font-strong ${first ? 'pl-2' : ''}`}>
          {panel.kind === 'info' ? t.details : t.profile}
        </h2>
        <IconButton
          icon="close"
          label={common.close}
          onClick={closePanels}
          data-landmark-focus={first || undefined}
        />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto pb-[max(24px,env(safe-area-inset-bottom))]">
        <Suspense fallback={null}>
          {panel.kind === 'info' ? (
            <ConversationInfo key={panel.conversation} id={panel.conversation} />
          ) : (
            <PersonPanel key={panel.user} id={panel.user} />
          )}
        </Suspense>
      </div>
    </section>
  )
}

/** The panels of the conversation on the screen; those of another one close. */
function usePanelsHere(): readonly OpenPanel[] {
  const route = useRoute()
  const { panels: state, closePanels } = useOverlays()
  const panels = useReadable(state)
  const here = route.name === 'conversation' ? route.id : undefined
  const stay = panels.every(({ panel }) => panel.conversation === here)
  useEffect(() => {
    if (!stay) {
      closePanels()
    }
  }, [closePanels, stay])
  return stay ? panels : NONE
}

const NONE: readonly OpenPanel[] = []

/** The focus goes into a panel that covers what had it, and back to the opener when it closes. */
function usePanelFocus(panels: readonly OpenPanel[]): void {
  const before = useRef(panels)
  const narrow = useNarrow()
  useEffect(() => {
    const closed = before.current[panels.length]
    const grown = panels.length > before.current.length
    before.current = panels
    if (grown && (narrow || panels.length > 1)) {
      focusLandmark('panel')
    } else if (closed !== undefined && document.activeElement === document.body) {
      focusAfterClose(closed.opener)
    }
  }, [narrow, panels])
}
