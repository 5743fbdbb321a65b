import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Kbd } from './Kbd.tsx'

/** Says the word of an icon and its key. It repeats what is there, so nothing is lost on a phone. */
export function Tooltip({
  label,
  keys,
  side = 'bottom',
  open,
  children,
}: {
  readonly label: string
  readonly keys?: readonly string[]
  readonly side?: 'top' | 'bottom' | 'left' | 'right'
  readonly open?: boolean
  readonly children: ReactNode
}) {
  return (
    <Radix.Provider delayDuration={400} skipDelayDuration={200}>
      <Radix.Root {...(open !== undefined && { open })}>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="z-[var(--z-tooltip)] flex h-7 data-[state=delayed-open]:animate-appear items-center gap-2 rounded-sm bg-inverse pr-2 pl-2.5 text-small text-inverse-foreground"
          >
            {label}
            {keys && <Kbd keys={keys} onInverse />}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  )
}
