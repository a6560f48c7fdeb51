/** Tám is *eight*: two speech bubbles that make an 8. */
export function Logo({ className = 'size-10' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={`${className} shrink-0`}>
      <rect width="32" height="32" rx="9.5" className="fill-accent" />
      <g className="fill-none stroke-on-accent" strokeWidth="2.6" strokeLinejoin="round">
        <circle cx="16" cy="11.4" r="4.4" />
        <path d="M16 15.8a5.4 5.4 0 1 1-3.6 9.4L9.4 26l.9-2.9A5.4 5.4 0 0 1 16 15.8z" />
      </g>
    </svg>
  )
}
