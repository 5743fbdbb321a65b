import { addDays } from '../core/time/calendar.ts'
import { HOUR_MS, type Instant, plusMs } from '../core/time/instant.ts'
import type { LocalDate, Zone } from '../core/time/local.ts'
import { localDateOf } from '../core/time/zone.ts'
import {
  CAPACITY_MULTIPLIERS,
  type CapacityMultipliers,
  capacityMultiplier,
  regionOf,
} from '../core/wedding/season.ts'

/**
 * How much more capacity the coming hours should find than this one, by season, weekday and the weddings that are
 * planned. What is due at a known moment is counted as it lies there; this is for what comes from outside and cannot
 * be counted yet: it is taken to rise with the multipliers, from what is being worked off now.
 */
export type Place = {
  /** Country and zone in which businesses of the house work. */
  readonly region: string | null
  readonly zone: Zone
  /** How much of the house's work lies there. */
  readonly weight: number
  readonly weddings: ReadonlySet<LocalDate>
}

/** From five on a Friday afternoon Saturday is in sight. */
export const HOURS_AHEAD = 7

export function seasonRise(
  places: readonly Place[],
  now: Instant,
  multipliers: CapacityMultipliers = CAPACITY_MULTIPLIERS,
): number {
  const asked = (at: Instant): number =>
    places.reduce((sum, place) => sum + place.weight * multiplierAt(place, at, multipliers), 0)
  const before = asked(now)
  if (before <= 0) return 1
  const hours = Array.from({ length: HOURS_AHEAD }, (_, hour) => asked(plusMs(now, (hour + 1) * HOUR_MS)))
  return Math.max(1, ...hours.map((one) => one / before))
}

function multiplierAt(
  { region, zone, weddings }: Place,
  at: Instant,
  multipliers: CapacityMultipliers,
): number {
  const date = localDateOf(at, zone)
  const week = Array.from({ length: 7 }, (_, day) => addDays(date, day))
  const day = {
    date,
    region: regionOf(region, zone),
    weddingDay: weddings.has(date),
    weddingWeek: week.some((one) => weddings.has(one)),
  }
  return capacityMultiplier(day, multipliers)
}
