import { Slot } from 'radix-ui'
import type { ReactNode } from 'react'

export type Side = 'top' | 'bottom' | 'left' | 'right'

/**
 * Says the word of an icon and its key. It repeats what is there, so nothing is lost on a phone, where nobody hovers:
 * the element only carries the words, and `Tips` shows them where there is a mouse.
 */
export function Tooltip({
  label,
  keys,
  side = 'bottom',
  children,
}: {
  readonly label: string
  readonly keys?: readonly string[]
  readonly side?: Side
  readonly children: ReactNode
}) {
  return (
    <Slot.Root data-tip={label} data-tip-side={side} {...(keys && { 'data-tip-keys': keys.join(' ') })}>
      {children}
    </Slot.Root>
  )
}
