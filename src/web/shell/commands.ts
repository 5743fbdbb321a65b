import { useEffect, useSyncExternalStore } from 'react'
import type { IconShape } from '../../ui/Icon.tsx'
import type { Keys } from './shortcuts.ts'

/** Everything one can do, from anywhere: drawn in the palette, listed in the sheet of keys, run by a key. */
export type Command = {
  readonly id: string
  readonly group: 'Go to' | 'Do' | 'Here'
  readonly label: string
  readonly icon: IconShape
  readonly keys?: Keys
  /** Other words one might look for it by. */
  readonly also?: readonly string[]
  /** Listed with the keys, but not in the palette: it opens the palette. */
  readonly byKeyOnly?: true
  readonly run: () => void
}

let offered: readonly (readonly Command[])[] = []
let all: readonly Command[] = []
const listeners = new Set<() => void>()
function set(next: readonly (readonly Command[])[]): void {
  offered = next
  all = next.flat()
  for (const tell of listeners) tell()
}

export const commandsNow = (): readonly Command[] => all

export function useCommands(): readonly Command[] {
  return useSyncExternalStore((tell) => {
    listeners.add(tell)
    return () => listeners.delete(tell)
  }, commandsNow)
}

/** Offers these while the component is on the screen. Give a stable list. */
export function useOffer(commands: readonly Command[]): void {
  useEffect(() => {
    set([...offered, commands])
    return () => set(offered.filter((one) => one !== commands))
  }, [commands])
}
