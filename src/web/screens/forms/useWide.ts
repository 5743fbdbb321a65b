import { useSyncExternalStore } from 'react'

/** Whether a panel has room beside the list. */
const query = matchMedia('(min-width: 1024px)')
const subscribe = (tell: () => void): (() => void) => {
  query.addEventListener('change', tell)
  return () => query.removeEventListener('change', tell)
}
export const useWide = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
