import { commonText } from '../i18n/common.ts'
import { useT } from '../i18n/locale.tsx'

/** The bare surfaces of the application while it starts: what follows fills them without a jump. */
export function BootScreen() {
  const t = useT(commonText)
  return (
    <div
      aria-busy="true"
      className="h-full bg-canvas lg:grid lg:grid-cols-[64px_var(--list-width,288px)_minmax(0,1fr)] lg:bg-rail lg:pt-2"
    >
      <span className="sr-only">{t.loading}</span>
      <div className="hidden lg:block" />
      <div className="hidden rounded-tl-shell border-t border-l border-border bg-sidebar lg:block" />
      <div className="hidden border-t border-l border-border bg-canvas lg:block" />
    </div>
  )
}
