import { useRef, type ReactNode } from 'react'
import { ListEdge } from './list-edge.tsx'
import { useEdgeSwipe } from './use-edge-swipe.ts'

interface ShellProps {
  /** The pane that narrow windows show. */
  readonly showing: 'list' | 'main'
  readonly banner: ReactNode
  readonly rail: ReactNode
  readonly list: ReactNode
  readonly main: ReactNode
  readonly panel: ReactNode
  /** The panel lies over all of the main pane, which is out of reach then. */
  readonly covered: boolean
  /** A swipe from the left edge of a phone was carried through. */
  readonly onSwipedBack: () => void
}

/** The frame of the application. Panes that a narrow window hides stay mounted, so that they keep scroll and text. */
export function Shell({ showing, banner, rail, list, main, panel, covered, onSwipedBack }: ShellProps) {
  const panes = useRef<HTMLDivElement>(null)
  useEdgeSwipe(panes, showing === 'main', onSwipedBack)
  return (
    <div className="shell">
      <div className="hidden lg:-mt-2 lg:block">{rail}</div>
      <div className="flex min-h-0 min-w-0 flex-col overflow-hidden lg:rounded-tl-shell lg:border-t lg:border-l lg:border-border">
        {banner}
        <div ref={panes} className="panes">
          <div className={`pane-list ${showing === 'list' ? '' : 'pane-hidden'}`}>
            {list}
            <ListEdge />
          </div>
          <div className={`pane-main ${showing === 'main' ? '' : 'pane-hidden'}`}>
            <div inert={covered} className="min-w-0 flex-1">
              {main}
            </div>
            {panel}
          </div>
        </div>
      </div>
    </div>
  )
}
