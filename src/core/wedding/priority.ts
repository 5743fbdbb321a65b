import type { View } from '../run/view.ts'
import { daysBetween } from '../time/calendar.ts'
import type { Instant } from '../time/instant.ts'
import type { LocalDate, Zone } from '../time/local.ts'
import { localDateOf } from '../time/zone.ts'
import type { AnchorValue } from './anchor.ts'

/** Priority tier of work; how it is found is decided in `bandFor`. */
export type Band = 'critical' | 'high' | 'medium' | 'low'
export const BANDS: readonly Band[] = ['critical', 'high', 'medium', 'low']
/** By its place in `BANDS`, critical or high. Of seats and of places at a provider some are kept for it. */
export const isUrgent = (band: number): boolean => band < 2

/** How urgent a message is, seen from the wedding. `today` is the day at the venue. */
export const bandFor = (today: LocalDate, weddingDay: LocalDate | null): Band =>
  urgencyOf(weddingDay === null ? null : daysBetween(today, weddingDay)).band

/** The finer measure inside a band, 10 to 4. */
export const scoreFor = (today: LocalDate, weddingDay: LocalDate | null): number =>
  urgencyOf(weddingDay === null ? null : daysBetween(today, weddingDay)).score

export type Urgency = { readonly band: Band; readonly score: number }

export function urgencyOf(daysToWedding: number | null): Urgency {
  // Once it is over nothing is urgent: a review request must not overtake tomorrow's bride.
  if (daysToWedding === null || daysToWedding < 0) return { band: 'low', score: 5 }
  if (daysToWedding <= 1) return { band: 'critical', score: 10 }
  if (daysToWedding <= 3) return { band: 'high', score: 9 }
  if (daysToWedding <= 7) return { band: 'high', score: 8 }
  if (daysToWedding <= 14) return { band: 'medium', score: 7 }
  if (daysToWedding <= 30) return { band: 'medium', score: 6 }
  return { band: 'low', score: daysToWedding <= 90 ? 5 : 4 }
}

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
