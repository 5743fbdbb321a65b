import { dismiss, toast } from '../ui/toasts.ts'

/**
 * What nobody can take back once the server has it (a yes to a message sends it) waits here for a moment: it is gone
 * from every screen at once, and done when its undo is no longer offered, or when the page is left. As long as Undo
 * stands there it undoes. A browser that dies meanwhile has done nothing: the thing still waits for a person, as it
 * says; and what was refused comes back to where it was, with its name and the reason.
 */
const HELD_MS = 6_000
/** Resting on the message, or another window before this one, stops its clock; what was said as done is not kept for ever. */
const HELD_MAX_MS = 30_000

/** One act about one thing, or about several alike. */
export type Held = {
  readonly ids: readonly string[]
  readonly says: string
  readonly does: () => Promise<unknown>
}

/** `failed` hears of an act that the server refused, or that never came to it; the things come back after it. */
export function holding(failed: (one: Held, error: unknown) => unknown) {
  const held = new Map<Held, { readonly toast: number; readonly timer: ReturnType<typeof setTimeout> }>()
  const listeners = new Set<() => void>()
  let away: ReadonlySet<string> = new Set()
  const setAway = (next: Iterable<string>): void => {
    away = new Set(next)
    for (const tell of listeners) tell()
  }
  const comesBack = ({ ids }: Held): void => setAway([...away].filter((id) => !ids.includes(id)))

  /** True only once: either it is done or it is taken back. */
  const letGo = (one: Held): boolean => {
    const found = held.get(one)
    if (!found) return false
    held.delete(one)
    clearTimeout(found.timer)
    dismiss(found.toast)
    return true
  }
  const carryOut = (one: Held): void => {
    if (!letGo(one)) return
    one
      .does()
      .catch((error: unknown) => failed(one, error))
      .finally(() => comesBack(one))
  }
  return {
    /** The ids of what was pressed away and is not settled yet. */
    away: () => away,
    subscribe: (tell: () => void) => {
      listeners.add(tell)
      return () => void listeners.delete(tell)
    },
    holdBack: (one: Held): void => {
      if (one.ids.some((id) => away.has(id))) return
      setAway([...away, ...one.ids])
      const shown = toast(one.says, {
        forMs: HELD_MS,
        undo: () => {
          if (letGo(one)) comesBack(one)
        },
        ended: () => carryOut(one),
      })
      held.set(one, { toast: shown, timer: setTimeout(() => carryOut(one), HELD_MAX_MS) })
    },
    carryOutAll: (): void => {
      for (const one of [...held.keys()]) carryOut(one)
    },
  }
}
