import { useSyncExternalStore } from 'react'

/** What was just done, and the way back. Everything that can be undone is done at once and answered with this. */
export type Toast = {
  readonly id: number
  readonly says: string
  readonly undo: (() => void) | null
  readonly forMs: number
}

const SHOWN_MAX = 3
const WITHOUT_UNDO_MS = 5_000
/** Long enough to read, to think and to reach for it; resting on the toast stops the clock. */
const WITH_UNDO_MS = 12_000

let toasts: readonly Toast[] = []
let last = 0
const listeners = new Set<() => void>()
const set = (next: readonly Toast[]): void => {
  toasts = next
  for (const tell of listeners) tell()
}

export function toast(
  says: string,
  { undo = null, forMs }: { undo?: (() => void) | null; forMs?: number } = {},
): number {
  const id = ++last
  const one: Toast = { id, says, undo, forMs: forMs ?? (undo ? WITH_UNDO_MS : WITHOUT_UNDO_MS) }
  set([...toasts, one].slice(-SHOWN_MAX))
  return id
}

export const dismiss = (id: number): void => set(toasts.filter((one) => one.id !== id))
export const latestUndo = (): Toast | null => toasts.findLast((one) => one.undo) ?? null

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    () => toasts,
  )
}
