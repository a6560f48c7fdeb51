import {
  createContext,
  use,
  useCallback,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type ReactNode,
} from 'react'
import { useClock } from '../hooks/use-platform.tsx'
import { commonText } from '../i18n/common.ts'
import { useT } from '../i18n/locale.tsx'
import { IconButton } from './button.tsx'

/** More at once would cover the conversation; the oldest goes. */
const MAX_TOASTS = 3
const VISIBLE_MS = 6_000

export interface Toast {
  readonly text: string
  readonly action?: { readonly label: string; readonly onSelect: () => void }
}

type ShowToast = (toast: Toast) => void

const ToastContext = createContext<ShowToast>(() => {})

/** Shows a short message at the bottom of the window; also read out, politely. */
export function useToast(): ShowToast {
  return use(ToastContext)
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly (Toast & { id: number })[]>([])
  const nextId = useRef(0)
  const show = useCallback<ShowToast>((toast) => {
    const id = nextId.current++
    setToasts((shown) => [...shown, { ...toast, id }].slice(-MAX_TOASTS))
  }, [])
  const remove = useCallback(
    (id: number) => setToasts((shown) => shown.filter((toast) => toast.id !== id)),
    [],
  )
  const layer = useRef<HTMLDivElement>(null)
  const newest = toasts.at(-1)?.id
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
        className="toasts pointer-events-none fixed inset-x-0 top-auto bottom-6 m-0 w-full flex-col items-center gap-2 bg-transparent px-4"
      >
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={() => remove(toast.id)} />
        ))}
      </div>
    </ToastContext>
  )
}

function ToastCard({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const t = useT(commonText)
  const clock = useClock()
  const close = useEffectEvent(onClose)
  const [held, setHeld] = useState(false)
  useEffect(() => (held ? undefined : clock.after(VISIBLE_MS, close)), [clock, held])
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
        className="text-current hover:bg-transparent hover:text-current"
      />
    </div>
  )
}
