import { useSyncExternalStore } from 'react'

const narrow = matchMedia('(max-width: 767px)')
const watch = (tell: () => void): (() => void) => {
  narrow.addEventListener('change', tell)
  return () => narrow.removeEventListener('change', tell)
}

/** As wide as a phone: where a table keeps one column. */
export const useNarrow = (): boolean => useSyncExternalStore(watch, () => narrow.matches)
