import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconShape } from './Icon.tsx'
import { TEXT, TINT, type Tone } from './tone.ts'

/** A tinted word. Rows stay on paper; only the badge is coloured. */
export function Badge({
  tone = 'quiet',
  icon,
  children,
}: {
  readonly tone?: Tone
  readonly icon?: IconShape
  readonly children: ReactNode
}) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 items-center gap-1 rounded-xs px-1.5 text-micro font-strong whitespace-nowrap',
        TINT[tone],
      )}
    >
      {icon && <Icon of={icon} size={12} />}
      {children}
    </span>
  )
}

/** How many. Read out with its noun: "3 wait for you". */
export function Count({
  tone = 'quiet',
  children,
  noun,
}: {
  readonly tone?: Tone
  readonly children: number
  readonly noun: string
}) {
  return (
    <span
      className={classNames(
        'inline-flex h-5 min-w-5 items-center justify-center rounded-xs px-1.5 text-micro font-strong',
        TINT[tone],
      )}
    >
      {children.toLocaleString()}
      <span className="sr-only"> {noun}</span>
    </span>
  )
}

/** The same three signs without a tint, for the end of a row. */
export function State({
  tone,
  icon,
  children,
}: {
  readonly tone: Tone
  readonly icon: IconShape
  readonly children: ReactNode
}) {
  return (
    <span
      className={classNames(
        'inline-flex items-center gap-1.5 align-middle text-small font-medium whitespace-nowrap',
        TEXT[tone],
      )}
    >
      <Icon of={icon} size={14} />
      {children}
    </span>
  )
}
