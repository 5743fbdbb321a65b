import { useSyncExternalStore } from 'react'
import { dismiss, toast } from '../ui/toasts.ts'
import { heard, isRefused, queries, wordsOf } from './api.ts'

/**
 * What nobody can take back once the server has it (a yes to a message sends it) waits here for a moment: it is gone
 * from every screen at once, and done when its undo is no longer offered, or when the page is left. As long as Undo
 * stands there it undoes. A browser that dies meanwhile has done nothing: the thing still waits for a person, as it
 * says; and what was refused comes back to where it was, with its name and the reason.
 */
const HELD_MS = 6_000
/** Resting on the message, or another window before this one, stops its clock; what was said as done is not kept for ever. */
const HELD_MAX_MS = 30_000

type Held = { readonly id: string; readonly says: string; readonly does: () => Promise<unknown> }
const held = new Map<string, { readonly one: Held; toast: number; timer: ReturnType<typeof setTimeout> }>()

let away: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()
function setAway(next: Iterable<string>): void {
  away = new Set(next)
  for (const tell of listeners) tell()
}
const comesBack = (id: string): void => setAway([...away].filter((one) => one !== id))

/** The ids of what was pressed away and is not settled yet: no list shows them. */
export const useHeldBack = (): ReadonlySet<string> =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    () => away,
  )

export function holdBack(one: Held): void {
  if (away.has(one.id)) return
  setAway([...away, one.id])
  const shown = toast(one.says, {
    forMs: HELD_MS,
    undo: () => {
      if (letGo(one.id)) comesBack(one.id)
    },
    ended: () => carryOut(one.id),
  })
  held.set(one.id, { one, toast: shown, timer: setTimeout(() => carryOut(one.id), HELD_MAX_MS) })
}

/** Gives it only once: either it is done or it is taken back. */
function letGo(id: string): Held | null {
  const found = held.get(id)
  if (!found) return null
  held.delete(id)
  clearTimeout(found.timer)
  dismiss(found.toast)
  return found.one
}

function carryOut(id: string): void {
  const one = letGo(id)
  if (!one) return
  one
    .does()
    .catch((error: unknown) => {
      heard(error)
      if (!isRefused(error, 'unauthorised'))
        toast(`Not done: “${one.says}”. ${wordsOf(error)}`, { failed: true })
      // The answer may have been lost on its way: the lists say what is true.
      return queries.invalidateQueries()
    })
    .finally(() => comesBack(id))
}

const carryOutAll = (): void => {
  for (const id of [...held.keys()]) carryOut(id)
}
addEventListener('pagehide', carryOutAll)
addEventListener('visibilitychange', () => {
  if (document.hidden) carryOutAll()
})
