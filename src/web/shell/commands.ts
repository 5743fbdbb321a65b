import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import type { IconShape } from '../../ui/Icon.tsx'
import type { MenuItem } from '../../ui/Menu.tsx'
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
    if (commands.length === 0) return
    set([...offered, commands])
    return () => set(offered.filter((one) => one !== commands))
  }, [commands])
}

/** What can be done where one is: a button of the room, by the name the button has. */
export type Act = Omit<Command, 'id' | 'group'>

/**
 * Offers the acts of a room, given anew with every drawing and offered again only when others are: so each stands
 * where its button is, under the same permission, and does what the button would do now.
 */
export function useActs(acts: readonly Act[]): void {
  const now = useRef(acts)
  now.current = acts
  const labels = JSON.stringify(acts.map(({ label }) => label))
  useOffer(
    // biome-ignore lint/correctness/useExhaustiveDependencies: under the same names they are the same acts.
    useMemo(
      () =>
        now.current.map(
          (act, at): Command => ({
            ...act,
            id: `here-${act.label}`,
            group: 'Here',
            run: () => now.current[at]?.run(),
          }),
        ),
      [labels],
    ),
  )
}

/** A menu's items as acts: what it holds is found without opening it. */
export const actsOf = (items: readonly MenuItem[]): Act[] =>
  items.flatMap((item) =>
    item === 'line' || item.disabled || !item.icon || !item.onSelect
      ? []
      : [{ label: item.label, icon: item.icon, run: item.onSelect }],
  )
