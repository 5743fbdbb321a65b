import type { View } from '../run/view.ts'
import { daysBetween } from '../time/calendar.ts'
import { HOUR_MS, type Instant } from '../time/instant.ts'
import type { LocalDate, Zone } from '../time/local.ts'
import { localDateOf } from '../time/zone.ts'
import type { AnchorValue } from './anchor.ts'

/** Priority tier of work; how it is found is decided in `bandIn`. */
export type Band = 'critical' | 'high' | 'medium' | 'low'
export const BANDS: readonly Band[] = ['critical', 'high', 'medium', 'low']
/** By its place in `BANDS`, critical or high. Of seats and of places at a provider some are kept for it. */
export const isUrgent = (band: number): boolean => band < 2

/** How urgent work is by the whole days to the wedding, counted at the venue; null while they are unknown. */
export function bandIn(daysToWedding: number | null): Band {
  // Once it is over nothing is urgent: a review request must not overtake tomorrow's bride.
  if (daysToWedding === null || daysToWedding < 0 || daysToWedding > 30) return 'low'
  if (daysToWedding <= 1) return 'critical'
  return daysToWedding <= 7 ? 'high' : 'medium'
}

/** What has its deadline this soon stands behind nothing that has none: nearer than an hour nobody waits for an ageing. */
const SOON_MS = HOUR_MS
export const withDeadline = (band: Band, deadline: Instant | null, now: Instant): Band =>
  deadline !== null && deadline - now < SOON_MS ? atLeast(band, 'high') : band

/** A step may ask for more than the calendar gives it, never for less. */
export const atLeast = (band: Band, asked: Band | undefined): Band =>
  asked !== undefined && BANDS.indexOf(asked) < BANDS.indexOf(band) ? asked : band

/** Half of the 15 minutes within which nothing may wait while the house is not full. */
export const AGEING_STEP_MINUTES = 7

/**
 * The band by which waiting work is picked. It rises one tier at a time, at most to high: the lanes of a
 * wedding day are never taken by work that is merely old.
 */
export function agedBand(band: Band, waitedMs: number): Band {
  if (band === 'critical' || band === 'high') return band
  const tiers = Math.floor(Math.max(0, waitedMs) / (AGEING_STEP_MINUTES * 60_000))
  return BANDS[Math.max(1, BANDS.indexOf(band) - tiers)]!
}

/**
 * Whole calendar days until the wedding as they are counted at the venue: 0 on the day, negative after it,
 * null while it is unknown. `zone` is the venue's.
 */
export function daysToWedding(now: Instant, anchors: View['anchors'], zone: Zone): number | null {
  const day = weddingDayOf(anchors, zone)
  return day === null ? null : daysBetween(localDateOf(now, zone), day)
}

/** Whole calendar days until any anchor, counted at the venue; null while it is unknown. */
export function daysToAnchor(now: Instant, value: AnchorValue | null, zone: Zone): number | null {
  if (value === null) return null
  const day = value.is === 'moment' ? localDateOf(value.at, zone) : value.on
  return daysBetween(localDateOf(now, zone), day)
}

export function weddingDayOf(anchors: View['anchors'], zone: Zone): LocalDate | null {
  const wedding = anchors.wedding?.value ?? null
  if (wedding === null) return null
  return wedding.is === 'moment' ? localDateOf(wedding.at, zone) : wedding.on
}
