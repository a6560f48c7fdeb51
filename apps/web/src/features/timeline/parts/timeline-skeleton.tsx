import { Skeleton } from '../../../ui/skeleton.tsx'

/** Widths of the lines of text, percent: groups as they look in a real conversation. */
const GROUPS = [[62], [48, 71], [35], [80, 56, 24], [44], [67, 30]]

/** Shaped like messages; appears only when loading is slow enough to be noticed. */
export function TimelineSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="late pb-2">
      {GROUPS.map((lines) => (
        <div key={lines.join()} className="message-row message-head">
          <Skeleton className="size-9 rounded-[11px]" />
          <div className="flex flex-col gap-2 pt-1">
            <Skeleton className="h-3.5 w-36" />
            {lines.map((width) => (
              <span key={width} style={{ width: `${width}%` }}>
                <Skeleton className="h-3.5" />
              </span>
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
