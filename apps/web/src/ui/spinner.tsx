/** Turning ring in the current colour. Decorative: what it waits for is said in words or by `aria-busy`. */
export function Spinner({ className = 'size-5' }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      aria-hidden="true"
      className={`${className} shrink-0 animate-spin fill-none stroke-current stroke-2`}
      strokeLinecap="round"
    >
      <circle cx="10" cy="10" r="7.5" className="opacity-25" />
      <path d="M10 2.5A7.5 7.5 0 0 1 17.5 10" />
    </svg>
  )
}
