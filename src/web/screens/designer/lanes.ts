import type { NodeId } from '../../../core/ids.ts'
import type { FutureStep } from '../../../core/run/forecast.ts'
import type { Zone } from '../../../core/time/local.ts'
import { tellDay } from '../../../core/time/spoken.ts'
import { localDateOf } from '../../../core/time/zone.ts'
import { type Drawn, ROW_PITCH, STEP_HEIGHT } from './layout.ts'

export type Lane = {
  /** Null for what stands in none. */
  readonly phase: string | null
  readonly top: number
  /** The days it spans for the chosen couple. */
  readonly from: string | null
  readonly to: string | null
}

/** The phases of a drawing, each from its line to the next, with the days on which the couple is in it. */
export function lanesOf(
  { phases, spots }: Drawn,
  visits: ReadonlyMap<NodeId, Pick<FutureStep, 'at'>>,
  zone: Zone | null,
): readonly Lane[] {
  const times = phases.map((): number[] => [])
  for (const [id, { y }] of spots) {
    const at = visits.get(id)?.at
    if (at != null) times[phases.findLastIndex(({ top }) => top <= y)]?.push(at)
  }
  const day = (at: number | undefined): string | null =>
    at === undefined || zone === null ? null : tellDay(localDateOf(at as never, zone))
  return phases.map(({ phase, top }, index) => {
    const all = times[index]?.sort((a, b) => a - b)
    return { phase, top: top - GAP, from: day(all?.at(0)), to: day(all?.at(-1)) }
  })
}

/** Half of what lies between two rows. */
const GAP = (ROW_PITCH - STEP_HEIGHT) / 2
