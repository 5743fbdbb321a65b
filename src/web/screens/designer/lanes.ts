import type { NodeId } from '../../../core/ids.ts'
import type { Journey } from '../../../core/journey/graph.ts'
import type { FutureStep } from '../../../core/run/forecast.ts'
import type { Zone } from '../../../core/time/local.ts'
import { tellDay } from '../../../core/time/spoken.ts'
import { localDateOf } from '../../../core/time/zone.ts'
import { type Drawn, ROW_PITCH, STEP_HEIGHT } from './layout.ts'

export type Lane = {
  readonly phase: string
  readonly top: number
  /** The days it spans for the chosen couple. */
  readonly from: string | null
  readonly to: string | null
}

/** Where each phase begins: above its highest step; a step without a phase belongs to the one it stands in. */
export function lanesOf(
  document: Journey,
  drawn: Drawn,
  visits: ReadonlyMap<NodeId, Pick<FutureStep, 'at'>>,
  zone: Zone,
): readonly Lane[] {
  const tops = new Map<string, number>()
  const times = new Map<string, number[]>()
  for (const node of document.nodes) {
    if (!node.phase) continue
    const y = drawn.spots.get(node.id)?.y ?? 0
    tops.set(node.phase, Math.min(tops.get(node.phase) ?? Number.POSITIVE_INFINITY, y))
    const at = visits.get(node.id)?.at
    if (at != null) times.set(node.phase, [...(times.get(node.phase) ?? []), at])
  }
  const day = (at: number): string => tellDay(localDateOf(at as never, zone))
  // Phases that begin in the same row (branches side by side) share a lane.
  const byTop = Map.groupBy(tops, ([, top]) => top)
  return [...byTop]
    .sort(([a], [b]) => a - b)
    .map(([top, phases], index) => {
      const names = phases.map(([phase]) => phase)
      const all = names.flatMap((phase) => times.get(phase) ?? [])
      return {
        phase: names.join(', '),
        top: index === 0 ? Math.min(top, 0) - GAP : top - GAP,
        from: all.length > 0 ? day(Math.min(...all)) : null,
        to: all.length > 0 ? day(Math.max(...all)) : null,
      }
    })
}

/** Half of what lies between two rows. */
const GAP = (ROW_PITCH - STEP_HEIGHT) / 2
