import type { View } from '../run/view.ts'
import type { Instant } from '../time/instant.ts'
import type { LocalTime } from '../time/local.ts'
import { countFrom } from './offset.ts'
import type { Deadline } from './policy.ts'
import { zoneFor } from './whose-zone.ts'

/**
 * "By the 21st day before" ends with that working day: whoever has to be called instead can still be called.
 */
export const DEADLINE_TIME = '18:00' as LocalTime

/** The moment after which a step is worthless; null while its anchor is unknown. */
export function resolveDeadline(
  deadline: Deadline,
  view: Pick<View, 'wedding' | 'vendor' | 'client' | 'anchors'>,
): Instant | null {
  const base = view.anchors[deadline.of]?.value ?? null
  if (base === null) return null
  const zone = zoneFor(deadline.zone ?? 'venue', view)
  const counting =
    'before' in deadline
      ? ({ sign: -1, amount: deadline.before } as const)
      : ({ sign: 1, amount: deadline.after } as const)
  const at = (deadline.at as LocalTime | undefined) ?? null
  return countFrom(base, { ...counting, at, otherwiseAt: DEADLINE_TIME }, zone, view.vendor).at
}
