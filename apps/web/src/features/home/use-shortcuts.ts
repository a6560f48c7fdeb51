import { useEffect, useEffectEvent } from 'react'
import { useAllRead } from '../../hooks/use-all-read.tsx'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { useRouter } from '../../hooks/use-platform.tsx'
import { useFormats } from '../../i18n/locale.tsx'
import { cycleLandmark, focusComposerField } from '../../platform/focus.ts'
import { isCommand, isComposing, isHelpKey, isStrayLetter } from '../../platform/keyboard.ts'
import { neighbour, toSections } from '../conversation-list/list.logic.ts'

/**
 * Keys that work everywhere: Ctrl/⌘ K and /, Alt ↑/↓ (with Shift: unread only), F6, Esc for the side panel, with Shift
 * for all read, letters for the composer. Never while composing or in a dialog.
 */
export function useShortcuts(): void {
  const conversations = useAllRead()
  const router = useRouter()
  const overlays = useOverlays()
  const formats = useFormats()

  const goToNeighbour = (step: 1 | -1, unreadOnly: boolean) => {
    const { channels, chats } = toSections(conversations.get() ?? [], (a, b) => formats.compare(a, b))
    const route = router.route.get()
    const current = route.name === 'conversation' ? route.id : undefined
    const ids = [...channels, ...chats]
      .filter(({ id, unread }) => !unreadOnly || unread > 0 || id === current)
      .map(({ id }) => id)
    const next = neighbour(ids, current, step)
    if (next !== undefined) {
      router.go({ name: 'conversation', id: next })
    }
  }
  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (isComposing(event) || event.defaultPrevented) {
      return
    }
    const isArrow = event.key === 'ArrowDown' || event.key === 'ArrowUp'
    if (isCommand(event) && event.key.toLowerCase() === 'k') {
      event.preventDefault()
      overlays.openDialog('switcher')
    } else if (isHelpKey(event)) {
      event.preventDefault()
      overlays.openDialog('shortcuts')
    } else if (document.querySelector('dialog[open]') !== null) {
      return
    } else if (document.querySelector('[popover=auto]:popover-open') !== null) {
      // A menu or card that is open takes every key for itself.
      return
    } else if (event.key === 'Escape' && event.shiftKey) {
      event.preventDefault()
      overlays.openDialog('all-read')
    } else if (event.key === 'Escape') {
      overlays.popPanel()
    } else if (isStrayLetter(event)) {
      focusComposerField()
    } else if (event.altKey && !event.ctrlKey && !event.metaKey && isArrow) {
      event.preventDefault()
      goToNeighbour(event.key === 'ArrowDown' ? 1 : -1, event.shiftKey)
    } else if (event.key === 'F6') {
      event.preventDefault()
      cycleLandmark(event.shiftKey ? -1 : 1)
    }
  })
  useEffect(() => {
    const controller = new AbortController()
    document.addEventListener('keydown', (event) => onKeyDown(event), { signal: controller.signal })
    return () => controller.abort()
  }, [])
}
