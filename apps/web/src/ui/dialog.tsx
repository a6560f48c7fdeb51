import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useRouter } from '../hooks/use-platform.tsx'
import { useCover } from '../hooks/use-cover.ts'
import { commonText } from '../i18n/common.ts'
import { useT } from '../i18n/locale.tsx'
import { focusAfterClose } from '../platform/focus.ts'
import { IconButton } from './button.tsx'

/* A page on a phone lies under the notch and the home bar; its content does not. */
const SAFE =
  'max-sm:pt-[env(safe-area-inset-top)] max-sm:pr-[env(safe-area-inset-right)] max-sm:pb-[env(safe-area-inset-bottom)] max-sm:pl-[env(safe-area-inset-left)]'
const SHAPES = {
  page: `m-auto max-sm:h-dvh max-sm:w-full max-w-full ${SAFE}`,
  card: 'm-auto max-w-[calc(100%-2rem)] rounded-shell border',
  sheet: 'mx-auto mt-auto mb-0 w-full max-w-full rounded-t-shell border-t sm:my-auto',
} as const

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons at the end, in a row of their own. */
  readonly footer?: ReactNode
  /** `bare` has no visible title bar; the title names it for assistive technology. */
  readonly bare?: boolean
  /**
   * On a phone a page fills the window, a card is as tall as what it says, a sheet too and rises from the bottom. A
   * card's title is a sentence, shown whole.
   */
  readonly shape?: keyof typeof SHAPES
  readonly className?: string
}

/**
 * A modal that is open while mounted. The native element traps the focus and makes the page inert; on closing, the
 * focus returns to what had it, or goes to the composer when that is gone or the dialog led somewhere else. An element marked `data-autofocus` gets it first.
 */
export function Dialog({
  title,
  onClose,
  children,
  footer,
  bare = false,
  shape = 'page',
  className = 'sm:w-[30rem]',
}: DialogProps) {
  const t = useT(commonText)
  const ref = useRef<HTMLDialogElement>(null)
  useCover(onClose)
  const titleId = useId()
  const router = useRouter()
  useEffect(() => {
    const dialog = ref.current
    const opener = document.activeElement
    const place = router.route.get()
    dialog?.showModal()
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      dialog?.close()
      focusAfterClose(router.route.get() === place ? opener : null)
    }
  }, [router])
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- the backdrop; Esc is the keyboard's way
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) {
          onClose()
        }
      }}
      className={`dialog max-h-dvh flex-col overflow-clip border-border bg-raised text-text shadow-modal open:flex sm:max-h-[min(44rem,88dvh)] sm:rounded-shell sm:border ${SHAPES[shape]} ${className}`}
    >
      <header
        className={
          bare
            ? 'sr-only'
            : `flex min-h-14 shrink-0 gap-2 pr-3 pl-5 ${shape === 'card' ? 'items-start py-2.5' : 'items-center'}`
        }
      >
        <h2
          id={titleId}
          className={`flex-1 text-title font-strong ${shape === 'card' ? 'wrap-anywhere pt-1' : 'line-cut'}`}
        >
          {title}
        </h2>
        {!bare && <IconButton icon="close" label={t.close} onClick={onClose} />}
      </header>
      {children}
      {footer !== undefined && (
        <footer className="flex shrink-0 justify-end gap-2 border-t border-border px-5 py-3">{footer}</footer>
      )}
    </dialog>
  )
}
