import { useSyncExternalStore } from 'react'

/** Single keys can be switched off: somebody who speaks to the machine would set them off by every word. */
const KEY = 'single-keys'
const listeners = new Set<() => void>()

export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}

export function setSingleKeys(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, 'off')
  } catch {
    // Nothing is kept here: the keys stay on.
  }
  for (const tell of listeners) tell()
}

export function useSingleKeys(): boolean {
  return useSyncExternalStore((tell) => {
    listeners.add(tell)
    return () => listeners.delete(tell)
  }, singleKeysOn)
}
