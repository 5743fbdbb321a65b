import type { Amount } from '../wedding/wait-rule.ts'
import { addBusinessDays, type WorkCalendar } from './business-day.ts'
import { addDays, addMonths, dateOfWall, dayNumber, msIntoDay, wallOfDay } from './calendar.ts'
import { HOUR_MS, type Instant, MINUTE_MS, plusMs } from './instant.ts'
import type { LocalDate, Zone } from './local.ts'
import { instantCountedBack, instantOfWall, wallOf } from './zone.ts'

/**
 * Amounts of time are of two natures. Calendar units move a day on the wall ("+1 day" is the same hour
 * tomorrow, 23 or 25 hours away when the clocks change); hours and minutes are exact ("+24 h"). Years and
 * months go first, then weeks and days, then business days, then hours and minutes.
 */
export type Sign = 1 | -1

export const hasCalendarUnits = (amount: Amount): boolean =>
  amount.days !== undefined ||
  amount.weeks !== undefined ||
  amount.months !== undefined ||
  amount.years !== undefined ||
  amount.businessDays !== undefined

export const hasExactUnits = (amount: Amount): boolean =>
  amount.hours !== undefined || amount.minutes !== undefined

export const exactMs = (amount: Amount): number =>
  (amount.hours ?? 0) * HOUR_MS + (amount.minutes ?? 0) * MINUTE_MS

/** A moment and an amount; the wall of `zone` decides what a day is. */
export function addAmount(at: Instant, amount: Amount, sign: Sign, zone: Zone, work: WorkCalendar): Instant {
  const exact = sign * exactMs(amount)
  if (!hasCalendarUnits(amount)) return plusMs(at, exact)
  const wall = wallOf(at, zone)
  const date = addToDate(dateOfWall(wall), amount, sign, work)
  return plusMs(placeOn(date, msIntoDay(wall), sign, zone), exact)
}

/** The calendar part of an amount; hours and minutes are left to the caller, who knows the wall. */
export function addToDate(date: LocalDate, amount: Amount, sign: Sign, work: WorkCalendar): LocalDate {
  const months = (amount.years ?? 0) * 12 + (amount.months ?? 0)
  const days = (amount.weeks ?? 0) * 7 + (amount.days ?? 0)
  let moved = months === 0 ? date : addMonths(date, sign * months)
  if (days !== 0) moved = addDays(moved, sign * days)
  return amount.businessDays === undefined ? moved : addBusinessDays(moved, amount.businessDays, sign, work)
}

/** The moment of a counted day at a time on the wall. */
export const placeOn = (date: LocalDate, msOfDay: number, sign: Sign, zone: Zone): Instant =>
  sign < 0
    ? instantCountedBack(dayNumber(date), msOfDay, zone)
    : instantOfWall(wallOfDay(dayNumber(date), msOfDay), zone)

/** `times` amounts in one, so that "every month" from the 31st does not shrink to the 28th for ever. */
export function timesAmount(amount: Amount, times: number): Amount {
  const scaled: { [unit in keyof Amount]: number } = {}
  for (const unit of ['minutes', 'hours', 'days', 'weeks', 'months', 'years', 'businessDays'] as const) {
    const value = amount[unit]
    if (value !== undefined) scaled[unit] = value * times
  }
  return scaled
}
