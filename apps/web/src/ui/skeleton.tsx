/** A grey shape where content will be; give it the content's size. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden="true" className={`block animate-pulse rounded-chip bg-hover ${className}`} />
}
