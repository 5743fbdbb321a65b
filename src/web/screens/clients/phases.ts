type Row = { readonly phase: string | null }

/**
 * The phases that part a couple's story. Journeys run side by side: one whose phase lies wholly within another's
 * (payments within the planning) parts nothing, or half of the planning would stand under "Payments".
 */
export function partsOf(rows: readonly Row[]): ReadonlySet<string> {
  const spans = new Map<string, { first: number; last: number }>()
  rows.forEach(({ phase }, at) => {
    if (phase !== null) spans.set(phase, { first: spans.get(phase)?.first ?? at, last: at })
  })
  const isWithin = (name: string): boolean => {
    const own = spans.get(name)!
    return [...spans].some(
      ([other, { first, last }]) => other !== name && first < own.first && own.last < last,
    )
  }
  return new Set([...spans.keys()].filter((name) => !isWithin(name)))
}

/** Before which of the rows in view a phase's name stands: the first of it there. */
export function headsOf<R extends Row>(shown: readonly R[], parts: ReadonlySet<string>): Map<R, string> {
  const heads = new Map<R, string>()
  const named = new Set<string>()
  for (const row of shown) {
    if (row.phase === null || named.has(row.phase) || !parts.has(row.phase)) continue
    named.add(row.phase)
    heads.set(row, row.phase)
  }
  return heads
}
