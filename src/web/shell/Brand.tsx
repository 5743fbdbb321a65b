/** A thread, solid then dashed, and the wedding on it. */
export function BrandMark() {
  return (
    <svg width="16" height="26" viewBox="0 0 16 26" aria-hidden="true" className="shrink-0">
      <path d="M8 1v8" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
      <path
        d="M8 18v7"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeDasharray=".1 3"
      />
      <rect
        x="4.2"
        y="9.2"
        width="7.6"
        height="7.6"
        rx="1"
        transform="rotate(45 8 13)"
        className="fill-wedding"
      />
    </svg>
  )
}

export function Brand() {
  return (
    <span className="flex h-7 items-center gap-2 font-display text-h3 font-medium tracking-display whitespace-nowrap">
      <BrandMark />
      <span>
        WedSync <em className="font-normal text-link">Journeys</em>
      </span>
    </span>
  )
}
