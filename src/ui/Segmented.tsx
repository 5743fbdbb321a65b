import { ToggleGroup } from 'radix-ui'
import { type ReactNode, useEffect, useRef } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconShape } from './Icon.tsx'

export type Segment<Value extends string> = {
  readonly value: Value
  readonly label: ReactNode
  readonly icon?: IconShape
}

/** Two to four views of the same thing, one at a time. */
export function Segmented<Value extends string>({
  label,
  segments,
  value,
  size = 'md',
  onChange,
}: {
  readonly label: string
  readonly segments: readonly Segment<Value>[]
  readonly value: Value
  readonly size?: 'sm' | 'md' | 'touch'
  readonly onChange: (value: Value) => void
}) {
  const root = useRef<HTMLDivElement>(null)
  // Where the row is wider than its place, the chosen one is among those in sight.
  useEffect(() => {
    const chosen = root.current?.querySelector<HTMLElement>('[data-state=on]')
    const frame = root.current?.parentElement
    if (value === undefined || !chosen || !frame || frame.scrollWidth <= frame.clientWidth) return
    const [of, at] = [frame.getBoundingClientRect(), chosen.getBoundingClientRect()]
    frame.scrollLeft += at.left + at.width / 2 - (of.left + of.width / 2)
  }, [value])
  return (
    <ToggleGroup.Root
      ref={root}
      type="single"
      aria-label={label}
      value={value}
      // Pressing the chosen one again would leave none: there is always one.
      onValueChange={(next) => next && onChange(next as Value)}
      className="inline-flex rounded-sm bg-muted p-0.5 shadow-[inset_0_0_0_1px_var(--border)]"
    >
      {segments.map((segment) => (
        <ToggleGroup.Item
          key={segment.value}
          value={segment.value}
          className={classNames(
            'relative after:absolute after:inset-0 touch:after:-inset-y-2.5 inline-flex items-center gap-1.5 rounded-[4px] font-medium whitespace-nowrap text-muted-foreground hover:text-foreground data-[state=on]:bg-control-on data-[state=on]:text-foreground data-[state=on]:shadow-[var(--shadow-xs),0_0_0_1px_var(--border)]',
            size === 'sm' && 'h-6 px-2 text-small',
            size === 'md' && 'h-7 px-3 text-ui',
            size === 'touch' && 'h-10 flex-1 justify-center px-3 text-phone',
          )}
        >
          {segment.icon && <Icon of={segment.icon} size={14} />}
          {segment.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}

/** A filter that is on or off. */
export function Chip({
  on,
  icon,
  children,
  onChange,
}: {
  readonly on: boolean
  readonly icon?: IconShape
  readonly children: ReactNode
  readonly onChange: (on: boolean) => void
}) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={() => onChange(!on)}
      className="inline-flex h-7 items-center gap-1.5 rounded-full border border-border-strong bg-card px-2.5 text-small font-medium whitespace-nowrap hover:bg-muted relative after:absolute after:inset-0 touch:h-8 touch:px-3 touch:text-body touch:after:-inset-y-[7px] aria-pressed:border-ring aria-pressed:bg-selected aria-pressed:text-accent-foreground"
    >
      {icon && <Icon of={icon} size={14} />}
      {children}
    </button>
  )
}
