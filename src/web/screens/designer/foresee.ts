import type { ClientId, EventId, JourneyId, NodeId, RunId, VendorId, WeddingId } from '../../../core/ids.ts'
import { type Graph, graphOf } from '../../../core/journey/graph.ts'
import type { Problem } from '../../../core/problem.ts'
import { forecastNew } from '../../../core/run/forecast.ts'
import { type Beginning, whyNotBegun, withBeginning } from './beginning.ts'
import { disputed } from './clocks.ts'
import type { ChosenCouple } from './context.ts'
import type { Told, ToldStep } from './foretold.ts'
import type { Found } from './judge.ts'
import { registry } from './registry.ts'

/**
 * The journey run ahead for the chosen couple, by the engine's own function, as if it began now; or what the server has
 * told of it. Null where the journey is not whole, or where this browser lacks what the function needs (Temporal) or
 * knows other clocks than the server.
 */
export function foresee(
  found: Found,
  couple: ChosenCouple,
  told: Told | null = null,
): readonly ToldStep[] | null {
  const { whole } = found
  if (whole === null || !runsAhead(found)) return null
  if (told === null && (!couple.clocks.able || disputed(couple, whole) !== null)) return null
  const graph = graphOf(whole, registry)
  const steps =
    told?.steps ??
    forecastNew(graph, ...imagined(graph, couple), { assume: { is: 'typical', rate: 1 } }).steps
  return withBeginning(graph, steps, { ...couple, isTold: told !== null })
}

/** Why it would not begin for them at all. */
export const refusedFor = ({ whole }: Found, couple: ChosenCouple): string | null => {
  if (whole === null || !couple.clocks.able) return null
  const graph = graphOf(whole, registry)
  return whyNotBegun(graph, imagined(graph, couple))
}

function imagined(graph: Graph, { view, now }: ChosenCouple): Beginning {
  const type = graph.triggerType.listensTo
  const event =
    graph.triggerType.when || type === null
      ? null
      : { id: 'imagined' as EventId, type, at: now, data: {}, depth: 0 }
  const run = {
    id: 'imagined' as RunId,
    vendor: view.vendor.id as VendorId,
    client: view.client.id as ClientId,
    wedding: (view.wedding?.id ?? 'imagined') as WeddingId,
    journey: 'imagined' as JourneyId,
    version: 1,
  }
  return [run, event, view, now]
}

/** Whether it is whole enough for somebody to go through it. */
export const runsAhead = ({ whole, all }: Found): boolean =>
  whole !== null && !all.some((one) => one.severity === 'error' && !isOnlyText(one))

/** An empty or faulty text does not change when it goes. */
const isOnlyText = ({ path }: Problem): boolean => /^\/nodes\/\d+\/config\b/.test(path)

/** The first visit of each step: what stands beside it on the drawing. */
export function firstVisits(steps: readonly ToldStep[]): ReadonlyMap<NodeId, ToldStep> {
  const first = new Map<NodeId, ToldStep>()
  for (const step of steps) if (!first.has(step.node)) first.set(step.node, step)
  return first
}
