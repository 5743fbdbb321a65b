import type { ReactNode } from 'react'

/** One figure with its unit, its limit and what it means. Not for the head of a screen: that is a sentence. */
export function StatTile({
  label,
  value,
  unit,
  note,
  state,
  children,
}: {
  readonly label: string
  readonly value: string
  readonly unit?: string
  readonly note?: string
  readonly state?: ReactNode
  readonly children?: ReactNode
}) {
  return (
    <div className="rounded-md border border-border bg-card p-4">
      <div className="flex items-center gap-2">
        <span className="text-micro font-strong tracking-eyebrow text-muted-foreground uppercase">
          {label}
        </span>
        {state && <span className="ml-auto">{state}</span>}
      </div>
      <p className="font-display text-title lining-nums">
        {value} {unit && <span className="font-inter text-small text-muted-foreground">{unit}</span>}
      </p>
      {note && <p className="text-small text-muted-foreground">{note}</p>}
      {children && <div className="mt-3">{children}</div>}
    </div>
  )
}
