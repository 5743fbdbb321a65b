import { useSyncExternalStore } from 'react'

/** Which room one sits in. `system` follows the machine, also when it changes at dusk. */
export type Theme = 'system' | 'light' | 'dark'
const KEY = 'theme'
const evening = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

export function themeChosen(): Theme {
  try {
    const kept = localStorage.getItem(KEY)
    return kept === 'light' || kept === 'dark' ? kept : 'system'
  } catch {
    return 'system'
  }
}

export const isDark = (theme: Theme): boolean => theme === 'dark' || (theme === 'system' && evening.matches)

export function chooseTheme(theme: Theme): void {
  try {
    if (theme === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    // A browser that keeps nothing still changes the room until the tab is closed.
  }
  show(theme)
}

function show(theme: Theme): void {
  document.documentElement.classList.toggle('dark', isDark(theme))
  for (const tell of listeners) tell()
}

evening.addEventListener('change', () => show(themeChosen()))
// Another tab of the same person changed the room.
addEventListener('storage', (event) => {
  if (event.key === KEY) show(themeChosen())
})

export function useTheme(): Theme {
  return useSyncExternalStore((tell) => {
    listeners.add(tell)
    return () => listeners.delete(tell)
  }, themeChosen)
}
