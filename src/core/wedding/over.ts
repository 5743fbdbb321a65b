import { hasCalendarUnits } from '../time/amount.ts'
import type { Instant } from '../time/instant.ts'
import { localDateOf, startOfDay } from '../time/zone.ts'
import { momentOf } from './offset.ts'
import type { WaitView } from './wait.ts'
import type { WaitRule } from './wait-rule.ts'
import { zoneFor } from './whose-zone.ts'

/**
 * When what a rule counts down to begins. "Seven days before the wedding" is still worth something when it comes
 * three days late; on the day itself, and ever after, it is worth nothing to anybody.
 */
export function overAt(rule: WaitRule | undefined, view: WaitView): Instant | null {
  if (rule === undefined || !('before' in rule)) return null
  const base = view.anchors[rule.of]?.value ?? null
  if (base === null) return null
  const zone = zoneFor(rule.zone ?? 'venue', view)
  if (!hasCalendarUnits(rule.before)) return momentOf(base, zone)
  return startOfDay(base.is === 'moment' ? localDateOf(base.at, zone) : base.on, zone)
}

export function isOver(rule: WaitRule | undefined, view: WaitView, now: Instant): boolean {
  const at = overAt(rule, view)
  return at !== null && now >= at
}
