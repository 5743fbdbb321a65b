import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'

/**
 * Everything that was done to a drawing, and the way back. A burst (typing into one field, pressing one stepper) is
 * one step back; who stops for a moment, or does something else between, begins a new one.
 */
export type Drawing = { readonly document: Journey; readonly step: NodeId | null }
export type Edit = Drawing & {
  /** "Add a wait": what undo says it takes back. */
  readonly label: string
  /** Edits of one burst have one key: the field that is typed into. */
  readonly burst?: string
}
export type History = {
  readonly now: Drawing
  readonly past: readonly (Drawing & { readonly label: string })[]
  readonly future: readonly (Drawing & { readonly label: string })[]
  readonly burst: { readonly key: string; readonly at: number } | null
}

export const BURST_PAUSE_MS = 1_200
export const STEPS_BACK_MAX = 200

export const begun = (document: Journey): History => ({
  now: { document, step: null },
  past: [],
  future: [],
  burst: null,
})

export function edited(history: History, { label, burst, ...now }: Edit, at: number): History {
  if (now.document === history.now.document) return { ...history, now }
  const goesOn =
    burst !== undefined &&
    history.burst?.key === burst &&
    at - history.burst.at < BURST_PAUSE_MS &&
    history.past.length > 0
  return {
    now,
    past: goesOn ? history.past : [...history.past, { ...history.now, label }].slice(-STEPS_BACK_MAX),
    future: [],
    burst: burst === undefined ? null : { key: burst, at },
  }
}

export function undone(history: History): History {
  const last = history.past.at(-1)
  if (!last) return history
  const { label, ...before } = last
  return {
    now: before,
    past: history.past.slice(0, -1),
    future: [...history.future, { ...history.now, label }],
    burst: null,
  }
}

export function redone(history: History): History {
  const next = history.future.at(-1)
  if (!next) return history
  const { label, ...after } = next
  return {
    now: after,
    past: [...history.past, { ...history.now, label }],
    future: history.future.slice(0, -1),
    burst: null,
  }
}

/** Choosing a step is no edit: nothing to take back, and a burst of typing ends. */
export const chosen = (history: History, step: NodeId | null): History => ({
  ...history,
  now: { ...history.now, step },
  burst: null,
})
