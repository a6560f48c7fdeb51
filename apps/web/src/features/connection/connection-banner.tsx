import { useMemo, type ReactNode } from 'react'
import { useClient } from '../../hooks/use-client.tsx'
import { useClock } from '../../hooks/use-platform.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { commonText } from '../../i18n/common.ts'
import { connectionText } from '../../i18n/connection.ts'
import { useT } from '../../i18n/locale.tsx'
import { Icon } from '../../ui/icon.tsx'
import { createBanner, type Banner } from './banner.logic.ts'

/** A slim line while the server cannot be reached, from the fourth second on. */
export function ConnectionBanner() {
  const t = useT(connectionText)
  const banner = useBanner()
  // The region is always there, so that what appears in it is announced; the seconds are left out of it.
  return (
    <section aria-label={t.region} className="shrink-0">
      <output className="sr-only">
        <Announcement kind={banner.kind} />
      </output>
      <BannerLine banner={banner} />
    </section>
  )
}

function useBanner(): Banner {
  const { connection } = useClient()
  const clock = useClock()
  return useReadable(useMemo(() => createBanner(connection, clock), [clock, connection]))
}

function Announcement({ kind }: { kind: Banner['kind'] }) {
  const t = useT(connectionText)
  return kind === 'lost' ? t.lost : kind === 'back' ? t.back : null
}

function BannerLine({ banner }: { banner: Banner }) {
  const t = useT(connectionText)
  const common = useT(commonText)
  const client = useClient()
  switch (banner.kind) {
    case 'none':
      return null
    case 'back':
      return <Line className="bg-accent-subtle text-accent-text">{t.back}</Line>
    case 'stopped':
      return (
        <Line className="bg-warn-bg text-warn-text">
          {banner.reason === 'replaced' ? t.replaced : t.forbidden}
          <LineButton label={common.reload} onClick={() => window.location.reload()} />
        </Line>
      )
    case 'lost':
      return (
        <Line className="bg-warn-bg text-warn-text">
          <Icon name="wifi-off" className="size-4" />
          {banner.seconds === null ? t.lost : t.lostRetryIn(banner.seconds)}
          {/* `start` on a waiting connection tries at once. */}
          <LineButton label={t.tryNow} onClick={() => client.start()} />
        </Line>
      )
  }
}

function Line({ className, children }: { className: string; children: ReactNode }) {
  return (
    <p
      className={`flex min-h-8 items-center justify-center gap-2 px-4 py-1 text-center text-secondary font-medium tabular-nums ${className}`}
    >
      {children}
    </p>
  )
}

function LineButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="tap-target shrink-0 rounded-chip px-1.5 font-semibold whitespace-nowrap underline underline-offset-3"
    >
      {label}
    </button>
  )
}
