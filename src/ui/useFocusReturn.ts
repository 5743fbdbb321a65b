import { useRef } from 'react'

/**
 * Gives the focus back to where it was when something opened. A dialog that is opened by a key has no trigger
 * to return to. If somebody has put the focus elsewhere meanwhile (a new room), it stays there.
 */
export function useFocusReturn() {
  const from = useRef<Element | null>(null)
  return {
    remember(): void {
      from.current = document.activeElement
    },
    giveBack(event: Event): void {
      const nowhere = document.activeElement === null || document.activeElement === document.body
      if (!nowhere) return event.preventDefault()
      if (
        !(from.current instanceof HTMLElement) ||
        !from.current.isConnected ||
        from.current === document.body
      )
        return
      event.preventDefault()
      from.current.focus()
    },
  }
}
