import { useSyncExternalStore } from 'react'

const narrow = matchMedia('(max-width: 767px)')
const watch = (tell: () => void): (() => void) => {
  narrow.addEventListener('change', tell)
  return () => narrow.removeEventListener('change', tell)
}

/** Where the bottom bar stands: too narrow to draw on. */
export const useIsPhone = (): boolean => useSyncExternalStore(watch, () => narrow.matches)
