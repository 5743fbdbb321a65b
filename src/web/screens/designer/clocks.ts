import type { View } from '../../../core/run/view.ts'
import { sameZoneData, type ZoneAnswer, zoneAnswers } from '../../../core/time/zone-probes.ts'

/**
 * Whether this browser may run ahead by itself: it must count in calendars, and know the same of the clocks of every
 * place that the plan hangs on as the server does. A browser a year behind is as good as any for a couple in Rome.
 */
export type Clocks = {
  readonly able: boolean
  /** Places of which this browser says something else. */
  readonly differ: readonly string[]
}

export function clocksHere(theirs: readonly ZoneAnswer[]): Clocks {
  if (typeof Temporal === 'undefined') return { able: false, differ: [] }
  const ours = zoneAnswers(theirs)
  if (sameZoneData(theirs, ours)) return { able: true, differ: [] }
  return {
    able: true,
    differ: [...new Set(theirs.flatMap(({ zone, at }, index) => (ours[index]?.at === at ? [] : [zone])))],
  }
}

/** The place on whose clocks this couple's walk through the journey hangs and about which the two disagree. */
export function disputed(
  { view, clocks }: { readonly view: View; readonly clocks: Clocks },
  document: unknown,
): string | null {
  if (clocks.differ.length === 0) return null
  const named = JSON.stringify(document)
  const theirs: (string | null | undefined)[] = [
    view.vendor.zone,
    view.wedding?.zone,
    view.client.zone,
    ...view.people.map((one) => one.zone),
  ]
  return clocks.differ.find((zone) => theirs.includes(zone) || named.includes(`"${zone}"`)) ?? null
}
