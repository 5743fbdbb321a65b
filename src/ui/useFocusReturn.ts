import { useRef } from 'react'

/**
 * Gives the focus back to where it was when something opened. A dialog that is opened by a key has no trigger
 * to return to. If somebody has put the focus elsewhere meanwhile (a new room), it stays there. What was open already when
 * the page came, or has lost the place it was opened from, gives it to what is found by `otherwise`.
 */
export function useFocusReturn(otherwise: () => HTMLElement | null = () => null) {
  const from = useRef<Element | null>(null)
  return {
    remember(): void {
      from.current = document.activeElement
    },
    giveBack(event: Event): void {
      const nowhere = document.activeElement === null || document.activeElement === document.body
      if (!nowhere) return event.preventDefault()
      const to = usable(from.current) ?? otherwise()
      if (!to) return
      event.preventDefault()
      to.focus()
    },
  }
}

const usable = (from: Element | null): HTMLElement | null =>
  from instanceof HTMLElement && from.isConnected && from !== document.body ? from : null
