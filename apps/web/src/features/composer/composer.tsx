import type { ConversationHandle } from '@tam/client'
import {
  useCallback,
  memo,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type RefObject,
} from 'react'
import { useClient, useUser } from '../../hooks/use-client.tsx'
import { usePlatform } from '../../hooks/use-platform.tsx'
import { useIsMember } from '../../hooks/use-is-member.ts'
import { useReadable } from '../../hooks/use-readable.ts'
import { composerText } from '../../i18n/composer.ts'
import { useT } from '../../i18n/locale.tsx'
import { ClosedComposer } from './closed-composer.tsx'
import { ComposerInput } from './composer-input.ts'
import './composer.css'
import { LimitNote } from './limit-note.tsx'
import { ReplyBanner } from './reply-banner.tsx'
import { SendRow } from './send-row.tsx'
import { TypingRow } from './typing-row.tsx'

/** Where a message is written. Every conversation has its own field, so no text can travel to another. */
export function Composer({ conversationId }: { conversationId: string }) {
  const handle = useClient().conversation(conversationId)
  return <ComposerOf key={conversationId} handle={handle} />
}

function ComposerOf({ handle }: { handle: ConversationHandle }) {
  const t = useT(composerText)
  const isMember = useIsMember(handle)
  return (
    <section
      data-landmark="composer"
      data-composer={handle.id}
      aria-label={t.region}
      tabIndex={-1}
      className="composer"
    >
      <TypingRow handle={handle} />
      {isMember ? <Box handle={handle} /> : <ClosedComposer conversationId={handle.id} />}
    </section>
  )
}

function Box({ handle }: { handle: ConversationHandle }) {
  const input = useComposerInput(handle)
  const replyTo = useReadable(input.replyTo)
  const field = useRef<HTMLTextAreaElement>(null)
  const placeholder = usePlaceholder(handle)
  useLayoutEffect(() => (field.current === null ? undefined : input.mount(field.current)), [input])
  useFieldFocus(field, replyTo)
  return (
    <div className="composer-box">
      {replyTo !== null && <ReplyBanner handle={handle} seq={replyTo} onCancel={() => input.cancelReply()} />}
      <Field ref={field} placeholder={placeholder} />
      <LimitNote limit={input.limit} />
      <SendRow input={input} />
    </div>
  )
}

/** Never rendered anew while one types: React would write into an element that belongs to the input method. */
const Field = memo(function Field({
  ref,
  placeholder,
}: {
  ref: RefObject<HTMLTextAreaElement | null>
  placeholder: string
}) {
  return (
    <div className="composer-grow">
      <textarea
        ref={ref}
        rows={1}
        data-landmark-focus=""
        aria-label={placeholder}
        aria-describedby="composer-limit"
        placeholder={placeholder}
        autoComplete="off"
        className="composer-field"
      />
    </div>
  )
})

function useComposerInput(handle: ConversationHandle): ComposerInput {
  const { drafts, clock, preferences, router } = usePlatform()
  const [input] = useState(
    () =>
      new ComposerInput({
        handle,
        drafts,
        clock,
        sendKey: () => preferences.sendKey.get(),
        isVisible: () => {
          const route = router.route.get()
          return route.name === 'conversation' && route.id === handle.id
        },
      }),
  )
  return input
}

/** Selected values only: a message that arrives changes the summary, and must not render the composer. */
function usePlaceholder(handle: ConversationHandle): string {
  const t = useT(composerText)
  const subscribe = useCallback((listener: () => void) => handle.summary.subscribe(listener), [handle])
  const kind = useSyncExternalStore(subscribe, () => handle.summary.get()?.kind)
  const title = useSyncExternalStore(subscribe, () => handle.summary.get()?.title ?? null)
  const peer = useUser(useSyncExternalStore(subscribe, () => handle.summary.get()?.peer ?? null))
  const name = title ?? peer?.name
  if (kind === undefined || name === undefined) {
    return t.placeholder
  }
  switch (kind) {
    case 'direct':
      return t.placeholderPerson(name)
    case 'group':
      return t.placeholderGroup(name)
    case 'channel':
      return t.placeholderChannel(name)
  }
}

/** The field has the focus when a conversation opens (not on touch: the keyboard would jump up) and on a reply. */
function useFieldFocus(field: RefObject<HTMLTextAreaElement | null>, replyTo: number | null): void {
  const opened = useRef(false)
  useEffect(() => {
    const first = !opened.current
    opened.current = true
    const mayTake =
      document.querySelector('dialog[open]') === null && window.matchMedia('(pointer: fine)').matches
    if (first ? mayTake : replyTo !== null) {
      field.current?.focus({ preventScroll: true })
    }
  }, [field, replyTo])
}
