import { Skeleton } from '../../../ui/skeleton.tsx'

const WIDTHS = ['w-32', 'w-24', 'w-40', 'w-28', 'w-36', 'w-20']

/** The list's shape while it loads for the first time on this device. */
export function ListSkeleton() {
  return (
    <div aria-hidden="true" className="px-4.5 pt-4">
      {WIDTHS.map((width) => (
        <div key={width} className="flex h-15 items-center gap-3">
          <Skeleton className="size-10 rounded-avatar" />
          <div className="flex-1 space-y-2">
            <Skeleton className={`h-3 ${width}`} />
            <Skeleton className="h-3 w-44" />
          </div>
        </div>
      ))}
    </div>
  )
}
