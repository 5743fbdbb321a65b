import type { NodeId } from '../../../core/ids.ts'

/** What stands between two lines of the drawing, and the phase it belongs to; null where nobody has said one. */
export type Band = { readonly phase: string | null; readonly part: number; readonly steps: readonly NodeId[] }
export type Walk = {
  /** No step before one that leads to it. */
  readonly list: readonly NodeId[]
  down(id: NodeId): readonly { readonly to: NodeId }[]
  /** Steps that no way joins are different parts; they stand one below the other. */
  part(id: NodeId): number
}

/**
 * Steps by their phases, from top to bottom. A step without a phase of its own stands in that of the step before it;
 * where ways meet, in the latest of them; before the first phase, in the first. A phase has one band, and comes a
 * second time only where a way leads back to it from a later one: so every way leads down, or stays in its band.
 */
export function bandsOf(walk: Walk, phaseOf: (id: NodeId) => string | undefined): readonly Band[] {
  const before = stepsBefore(walk)
  const phases = phasesInOrder(walk, before, phaseOf)
  // A place is a number that no way lets fall: how often one was led back by now, and which phase it is (from 1 on).
  const turn = phases.length + 1
  const places = new Map<NodeId, number>()
  for (const id of walk.list) {
    const above = Math.max(0, ...(before.get(id) ?? []).map((one) => places.get(one) ?? 0))
    const now = above % turn
    const own = phases.indexOf(phaseOf(id) ?? '') + 1 || now
    places.set(id, above - now + own + (own < now ? turn : 0))
  }
  const placeOf = (id: NodeId): number => places.get(id) ?? 0
  return [...Map.groupBy(walk.list, walk.part)]
    .sort(([a], [b]) => a - b)
    .flatMap(([part, ids]) => {
      const first = Math.min(...ids.map(placeOf).filter((place) => place > 0))
      return [...Map.groupBy(ids, (id) => placeOf(id) || first)]
        .sort(([a], [b]) => a - b)
        .map(([place, steps]) => ({ phase: phases[(place % turn) - 1] ?? null, part, steps }))
    })
}

/** Ways from another part change nothing there. */
function stepsBefore({ list, down, part }: Walk): ReadonlyMap<NodeId, readonly NodeId[]> {
  const before = new Map<NodeId, NodeId[]>(list.map((id) => [id, []]))
  for (const id of list) for (const { to } of down(id)) if (part(to) === part(id)) before.get(to)?.push(id)
  return before
}

/** As most journeys have them, where nothing else says which of two comes first. */
const USUAL = ['Inquiry', 'Booked', 'Planning', 'Wedding week', 'After']

/** First those to which no way leads from another that is still to come. */
function phasesInOrder(
  { list }: Walk,
  before: ReadonlyMap<NodeId, readonly NodeId[]>,
  phaseOf: (id: NodeId) => string | undefined,
): readonly string[] {
  const earlier = new Map<string, Set<string>>()
  /** The phases out of which one comes to a step. */
  const from = new Map<NodeId, ReadonlySet<string>>()
  for (const id of list) {
    const coming = new Set((before.get(id) ?? []).flatMap((one) => [...(from.get(one) ?? [])]))
    const own = phaseOf(id)
    from.set(id, own === undefined ? coming : new Set([own]))
    if (own !== undefined) earlier.set(own, (earlier.get(own) ?? new Set()).union(coming))
  }
  const usually = (phase: string): number => USUAL.indexOf(phase)
  const left = [...earlier.keys()].sort((a, b) => usually(a) - usually(b))
  const ordered: string[] = []
  while (left.length > 0) {
    const waits = (phase: string) => left.some((one) => one !== phase && earlier.get(phase)?.has(one))
    // Where they lead round in a circle, some phase has to begin.
    const next = Math.max(
      0,
      left.findIndex((phase) => !waits(phase)),
    )
    ordered.push(...left.splice(next, 1))
  }
  return ordered
}
