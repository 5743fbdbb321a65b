import { useSyncExternalStore } from 'react'

/** What was just done, and the way back. Everything that can be undone is done at once and answered with this. */
export type Toast = {
  readonly id: number
  readonly says: string
  readonly undo: (() => void) | null
  readonly forMs: number
  /** It tells that something was not done. */
  readonly failed: boolean
  /** It is no longer on the screen, for whatever reason: its undo cannot be pressed any more. */
  readonly ended: (() => void) | null
}

const SHOWN_MAX = 3
const WITHOUT_UNDO_MS = 5_000
const FAILED_MS = 15_000
/** Long enough to read, to think and to reach for it; resting on the toast stops the clock. */
const WITH_UNDO_MS = 12_000

let shown: readonly Toast[] = []
/** What is on the screen now. */
export const toasts = (): readonly Toast[] => shown
let last = 0
const listeners = new Set<() => void>()
const set = (next: readonly Toast[]): void => {
  shown = next
  for (const tell of listeners) tell()
}

export function toast(
  says: string,
  {
    undo = null,
    ended = null,
    failed = false,
    forMs = failed ? FAILED_MS : undo ? WITH_UNDO_MS : WITHOUT_UNDO_MS,
  }: {
    undo?: (() => void) | null
    ended?: (() => void) | null
    failed?: boolean
    forMs?: number
  } = {},
): number {
  const id = ++last
  keep([...shown, { id, says, undo, forMs, failed, ended }].slice(-SHOWN_MAX))
  return id
}

export const dismiss = (id: number): void => keep(shown.filter((one) => one.id !== id))

function keep(next: readonly Toast[]): void {
  const over = shown.filter((one) => !next.includes(one))
  if (over.length === 0 && next.length === shown.length) return
  set(next)
  for (const one of over) one.ended?.()
}
export const latestUndo = (): Toast | null => shown.findLast((one) => one.undo) ?? null

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore((tell) => {
    listeners.add(tell)
    return () => listeners.delete(tell)
  }, toasts)
}
