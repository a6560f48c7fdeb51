import type { ReactNode } from 'react'

interface ShellProps {
  /** The pane that narrow windows show. */
  readonly showing: 'list' | 'main'
  readonly banner: ReactNode
  readonly rail: ReactNode
  readonly list: ReactNode
  readonly main: ReactNode
  readonly panel: ReactNode
}

/**
 * The frame: < 640 one pane; 640–1023 list and conversation; ≥ 1024 the rail too; ≥ 1280 the panel docks instead of
 * covering. Panes that a narrow window hides stay mounted, so that they keep scroll and text.
 */
export function Shell({ showing, banner, rail, list, main, panel }: ShellProps) {
  return (
    <div className="grid h-full grid-cols-1 bg-rail sm:grid-cols-[288px_minmax(0,1fr)] lg:grid-cols-[64px_288px_minmax(0,1fr)] lg:pt-2">
      <div className="hidden lg:-mt-2 lg:block">{rail}</div>
      <div className="col-span-full flex min-h-0 min-w-0 flex-col overflow-hidden lg:col-span-2 lg:rounded-tl-shell lg:border-t lg:border-l lg:border-border">
        {banner}
        <div className="grid min-h-0 flex-1 grid-cols-1 sm:grid-cols-[288px_minmax(0,1fr)]">
          <div
            className={`min-h-0 border-border bg-sidebar sm:block sm:border-r ${showing === 'list' ? '' : 'hidden'}`}
          >
            {list}
          </div>
          <div
            className={`relative min-h-0 min-w-0 bg-canvas sm:flex ${showing === 'main' ? 'flex' : 'hidden'}`}
          >
            <div className="min-w-0 flex-1">{main}</div>
            {panel}
          </div>
        </div>
      </div>
    </div>
  )
}
