import { useCallback, useSyncExternalStore } from 'react'
import { useCopy } from '../../hooks/use-copy.ts'
import { usePlatform } from '../../hooks/use-platform.tsx'
import { composerText } from '../../i18n/composer.ts'
import { useT } from '../../i18n/locale.tsx'
import type { Drafts } from '../../platform/drafts.ts'
import { EMPTY_DRAFT } from '../../platform/drafts.logic.ts'
import { Button } from '../../ui/button.tsx'

/** In place of the composer for those who are no longer members: what they had written is theirs to copy or delete. */
export function ClosedComposer({ conversationId }: { conversationId: string }) {
  const t = useT(composerText)
  const copy = useCopy()
  const { drafts } = usePlatform()
  const draft = useDraftText(drafts, conversationId)
  return (
    <div className="composer-box px-3.5 py-3">
      <p className="text-text2">{t.notMember}</p>
      {draft !== '' && (
        <div role="group" aria-label={t.keptDraft} className="mt-2 border-t border-border pt-2">
          <p className="text-secondary font-medium text-text3">{t.keptDraft}</p>
          <p
            dir="auto"
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long text is scrolled by keys
            tabIndex={0}
            className="mt-0.5 max-h-40 overflow-y-auto wrap-anywhere whitespace-pre-wrap select-text"
          >
            {draft}
          </p>
          <div className="mt-2 flex flex-wrap gap-2">
            <Button size="small" icon="copy" onClick={() => copy(draft, t.draftCopied)}>
              {t.copyDraft}
            </Button>
            <Button
              size="small"
              variant="ghost-danger"
              icon="trash"
              onClick={() => drafts.write(conversationId, EMPTY_DRAFT)}
            >
              {t.deleteDraft}
            </Button>
          </div>
        </div>
      )}
    </div>
  )
}

function useDraftText(drafts: Drafts, conversation: string): string {
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [drafts.subscribe(conversation, listener), drafts.written.subscribe(listener)]
      return () => stops.forEach((stop) => stop())
    },
    [drafts, conversation],
  )
  return useSyncExternalStore(subscribe, () => drafts.get(conversation).text)
}
