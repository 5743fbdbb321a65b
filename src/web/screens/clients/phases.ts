type Row = { readonly phase: string | null; readonly run: string }
type Span = { readonly first: number; readonly last: number }

/**
 * The phases that part a couple's story. Journeys run side by side: those that have several phases give it its
 * chapters. What runs along (payments through planning and wedding week) parts nothing, or half of the planning would
 * stand under "Payments"; and neither does a phase that lies wholly within another.
 */
export function partsOf(rows: readonly Row[]): ReadonlySet<string> {
  const spans = new Map<string, Span>()
  const ofRuns = new Map<string, Set<string>>()
  rows.forEach(({ phase, run }, at) => {
    if (phase === null) return
    spans.set(phase, { first: spans.get(phase)?.first ?? at, last: at })
    ofRuns.set(run, (ofRuns.get(run) ?? new Set()).add(phase))
  })
  const chapters = new Set([...ofRuns.values()].filter(({ size }) => size > 1).flatMap((one) => [...one]))
  const others = (name: string) => [...spans].filter(([other]) => other !== name)
  const isWithin = (name: string): boolean => {
    const own = spans.get(name)!
    return others(name).some(([, { first, last }]) => first < own.first && own.last < last)
  }
  const runsAlong = (name: string): boolean => {
    const own = spans.get(name)!
    return (
      !chapters.has(name) &&
      others(name).some(
        ([other, { first, last }]) => chapters.has(other) && first < own.last && own.first < last,
      )
    )
  }
  return new Set([...spans.keys()].filter((name) => !isWithin(name) && !runsAlong(name)))
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
