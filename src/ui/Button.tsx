import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Icon, type IconShape } from './Icon.tsx'
import { Tooltip } from './Tooltip.tsx'

type Look = 'plain' | 'primary' | 'ghost' | 'danger' | 'quiet-danger'
/** 28, 32, 40 and 44 px; `touch` where fingers are. */
type Size = 'sm' | 'md' | 'lg' | 'touch'

const LOOK: { readonly [look in Look]: string } = {
  plain: 'border-border-strong bg-card text-foreground shadow-xs enabled:hover:bg-muted [a&]:hover:bg-muted',
  primary:
    'border-primary bg-primary text-primary-foreground shadow-xs enabled:hover:border-primary-hover enabled:hover:bg-primary-hover [a&]:hover:border-primary-hover [a&]:hover:bg-primary-hover',
  ghost: 'border-transparent bg-transparent text-foreground enabled:hover:bg-muted [a&]:hover:bg-muted',
  danger:
    'border-destructive bg-destructive text-destructive-foreground shadow-xs enabled:hover:brightness-90 dark:enabled:hover:brightness-110',
  'quiet-danger': 'border-danger-border bg-card text-danger-text shadow-xs enabled:hover:bg-danger-surface',
}
const SIZE: { readonly [size in Size]: string } = {
  sm: 'h-7 gap-1 px-2 text-small touch:after:-inset-y-[9px]',
  md: 'h-8 gap-1.5 px-3 text-ui touch:after:-inset-y-[7px] touch:text-body',
  lg: 'h-10 gap-1.5 px-4 text-body touch:after:-inset-y-[3px]',
  touch: 'h-11 gap-2 px-4 text-phone',
}
const SQUARE: { readonly [size in Size]: string } = {
  sm: 'size-7 touch:after:-inset-[9px]',
  md: 'size-8 touch:after:-inset-[7px]',
  lg: 'size-10 touch:after:-inset-[3px]',
  touch: 'size-11',
}
// On touch the pressed area reaches 44 px, beyond what is drawn; it is measured from inside the border.
const FORM =
  'relative after:absolute after:inset-0 inline-flex shrink-0 items-center justify-center rounded-sm border font-medium whitespace-nowrap transition-[background-color,border-color,transform,filter] enabled:active:translate-y-px disabled:cursor-not-allowed disabled:opacity-[.48]'

type Common = { readonly look?: Look; readonly size?: Size }
export type ButtonProps = Omit<ComponentProps<'button'>, 'className'> &
  Common & {
    readonly icon?: IconShape
    /** Counts while it works: "Importing 412 of 1,000". A busy button keeps its place in the tab order. */
    readonly busy?: boolean
    readonly block?: boolean
    /** Draws its only child, a link, in the button's dress. */
    readonly asChild?: boolean
  }

/** A verb, with its count where there is one. A disabled button says what is missing. */
export function Button({
  look = 'plain',
  size = 'md',
  icon,
  busy = false,
  block = false,
  asChild = false,
  type = 'button',
  onClick,
  children,
  ...rest
}: ButtonProps) {
  const dress = classNames(FORM, LOOK[look], SIZE[size], block && 'w-full')
  if (asChild)
    return (
      <Slot.Root className={dress} {...rest}>
        {children}
      </Slot.Root>
    )
  return (
    <button
      type={type}
      className={dress}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {busy ? (
        <Icon
          of={LoaderCircle}
          size={size === 'sm' ? 12 : 14}
          className="animate-turn motion-reduce:animate-none"
        />
      ) : (
        icon && <Icon of={icon} size={size === 'sm' ? 12 : 16} />
      )}
      {children}
    </button>
  )
}

/** An icon alone needs its word: it is the accessible name and the tooltip. */
export function IconButton({
  look = 'plain',
  size = 'md',
  icon,
  label,
  keys,
  side,
  ...rest
}: Omit<ComponentProps<'button'>, 'className' | 'children' | 'aria-label'> &
  Common & {
    readonly icon: IconShape
    readonly label: string
    readonly keys?: readonly string[]
    readonly side?: 'top' | 'bottom' | 'left' | 'right'
  }) {
  return (
    <Tooltip label={label} {...(keys && { keys })} {...(side && { side })}>
      <button
        type="button"
        aria-label={label}
        className={classNames(FORM, LOOK[look], SQUARE[size])}
        {...rest}
      >
        <Icon of={icon} size={size === 'touch' ? 20 : 16} />
      </button>
    </Tooltip>
  )
}

/** Two buttons that belong together: the act, and other ways to do it. */
export function ButtonGroup({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a form around two buttons.
    <div
      role="group"
      aria-label={label}
      className="inline-flex [&>*:not(:first-child)]:-ml-px [&>*:not(:first-child)]:rounded-l-none [&>*:not(:last-child)]:rounded-r-none [&>*:focus-visible]:z-10"
    >
      {children}
    </div>
  )
}
