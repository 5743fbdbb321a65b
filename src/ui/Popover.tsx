import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

/** Something small beside what it belongs to; the page behind stays alive. */
export function Popover({
  label,
  trigger,
  align = 'start',
  open,
  onOpenChange,
  children,
}: {
  readonly label: string
  readonly trigger: ReactNode
  readonly align?: 'start' | 'center' | 'end'
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  readonly children: ReactNode
}) {
  return (
    <Radix.Root {...(open !== undefined && { open })} {...(onOpenChange && { onOpenChange })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={12}
          className="z-[var(--z-popover)] max-w-[calc(100vw-24px)] data-[state=open]:animate-appear overflow-hidden rounded-md border border-border bg-popover text-popover-foreground shadow-md"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
