import { useCallback, useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react'
import { useClock } from '../hooks/use-platform.tsx'
import { ToastContext, type ShowToast, type Toast } from '../hooks/use-toast.ts'
import { commonText } from '../i18n/common.ts'
import { useT } from '../i18n/locale.tsx'
import { IconButton } from './button.tsx'

/** More at once would cover the conversation; the oldest goes. */
const MAX_TOASTS = 3
const VISIBLE_MS = 6_000

/** Shows the messages of `useToast`, at the bottom of the window. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly (Toast & { id: number })[]>([])
  const nextId = useRef(0)
  const show = useCallback<ShowToast>((toast) => {
    const id = nextId.current++
    setToasts((shown) => bounded([...shown, { ...toast, id }]))
  }, [])
  const remove = useCallback(
    (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)),
    [],
  )
  const layer = useRef<HTMLDivElement>(null)
  const newest = toasts.at(-1)?.id
  // What stays may not lie over the composer.
  const stays = toasts.some((toast) => toast.stays === true)
  useEffect(() => {
    // Shown anew for each toast: the newest of the top layer lies over a dialog that opened meanwhile.
    layer.current?.hidePopover()
    if (newest !== undefined) {
      layer.current?.showPopover()
    }
  }, [newest])
  return (
    <ToastContext value={show}>
      {children}
      <output className="sr-only">{toasts.at(-1)?.text}</output>
      <div
        ref={layer}
        popover="manual"
        className={`toasts pointer-events-none fixed inset-x-0 ${stays ? 'top-18 bottom-auto' : 'top-auto bottom-[max(24px,calc(env(safe-area-inset-bottom)+8px))]'} m-0 w-full flex-col items-center gap-2 overflow-visible bg-transparent px-4`}
      >
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={() => remove(toast.id)} />
        ))}
      </div>
    </ToastContext>
  )
}

/** Of too many the oldest goes, first among those that would go by themselves. */
function bounded<T extends Toast>(toasts: readonly T[]): readonly T[] {
  if (toasts.length <= MAX_TOASTS) {
    return toasts
  }
  const leaving = toasts.find(({ stays }) => stays !== true) ?? toasts[0]
  return toasts.filter((toast) => toast !== leaving)
}

function ToastCard({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const t = useT(commonText)
  const clock = useClock()
  const close = useEffectEvent(onClose)
  const [held, setHeld] = useState(false)
  const stays = held || toast.stays === true
  useEffect(
    () => (stays ? undefined : clock.after(toast.visibleMs ?? VISIBLE_MS, close)),
    [clock, stays, toast],
  )
  const { visibleWhile } = toast
  useEffect(() => visibleWhile?.subscribe(() => !visibleWhile.get() && close()), [visibleWhile])
  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      className="toast pointer-events-auto flex max-w-[min(32rem,100%)] items-center gap-3 rounded-menu bg-text py-2 pr-2 pl-4 text-list text-canvas shadow-modal"
    >
      <span className="min-w-0 flex-1">{toast.text}</span>
      {toast.action !== undefined && (
        <button
          type="button"
          onClick={() => {
            toast.action?.onSelect()
            onClose()
          }}
          className="rounded-chip px-2 py-1 font-semibold underline underline-offset-3"
        >
          {toast.action.label}
        </button>
      )}
      <IconButton
        icon="close"
        label={t.dismiss}
        onClick={onClose}
        iconClassName="size-4"
        className="text-current! hover:bg-transparent"
      />
    </div>
  )
}
