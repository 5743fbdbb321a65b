import { useSyncExternalStore } from 'react'

/** Which of the shell's own sheets is open: one at a time. */
export type Overlay = 'palette' | 'shortcuts' | 'more' | 'sign-out' | null
let open: Overlay = null
const listeners = new Set<() => void>()

export function setOverlay(next: Overlay): void {
  open = next
  typedAhead = ''
  for (const tell of listeners) tell()
}
/** What is typed before the palette has the focus: nobody waits for it with their hands still. */
let typedAhead = ''
export function takeTypedAhead(): string {
  const typed = typedAhead
  typedAhead = ''
  return typed
}
export const typeAhead = (sign: string): void => {
  typedAhead += sign
}
export const overlayNow = (): Overlay => open

export const openPalette = (): void => setOverlay('palette')
export const openShortcuts = (): void => setOverlay('shortcuts')
export const openMore = (): void => setOverlay('more')
export const openSignOut = (): void => setOverlay('sign-out')

export function useOverlay(): Overlay {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    () => open,
  )
}
