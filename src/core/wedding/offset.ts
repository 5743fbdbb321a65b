import {
  addAmount,
  addToDate,
  exactMs,
  hasCalendarUnits,
  hasExactUnits,
  placeOn,
  type Sign,
} from '../time/amount.ts'
import type { WorkCalendar } from '../time/business-day.ts'
import { dateOfWall, dayNumber, msIntoDay, timeMs, wallOfDay } from '../time/calendar.ts'
import { type Instant, plusMs } from '../time/instant.ts'
import type { LocalDate, LocalTime, Wall, Zone } from '../time/local.ts'
import { instantOf, instantOfWall, lastTimeOfDay, nextTimeOfDay, startOfDay, wallOf } from '../time/zone.ts'
import type { AnchorValue } from './anchor.ts'
import type { Amount } from './wait-rule.ts'

/**
 * "14 days before the wedding at 09:00": how an anchor, an amount and a time of day make a moment. Waits,
 * repeats and deadlines all count by this one page.
 */
export type Offset = {
  readonly sign: Sign
  readonly amount: Amount
  readonly at: LocalTime | null
  /** The time of day where neither the rule nor the anchor has one. */
  readonly otherwiseAt: LocalTime
}

/** `wanted` is what the wall should have shown; it differs from what it shows when the clocks skipped it. */
export type Counted = { readonly at: Instant; readonly wanted: Wall }

export function countFrom(base: AnchorValue, offset: Offset, zone: Zone, work: WorkCalendar): Counted {
  const { sign, amount, at } = offset
  if (!hasCalendarUnits(amount)) {
    const moved = plusMs(momentOf(base, zone), sign * exactMs(amount))
    return at === null ? counted(moved, zone) : counted(snapTo(moved, timeMs(at), sign, zone), zone)
  }
  const [date, ms] = dayAndTimeOf(base, zone, at !== null)
  const day = addToDate(date, amount, sign, work)
  if (hasExactUnits(amount)) {
    const from = ms === null ? startOfDay(day, zone) : placeOn(day, ms, sign, zone)
    const moved = addAmount(from, hoursOf(amount), sign, zone, work)
    return counted(at === null ? moved : snapTo(moved, timeMs(at), sign, zone), zone)
  }
  const time = at !== null ? timeMs(at) : (ms ?? timeMs(offset.otherwiseAt))
  return { at: placeOn(day, time, sign, zone), wanted: wallOfDay(dayNumber(day), time) }
}

/** "on 2027-01-05 at 10:00". */
export const countedOn = (date: LocalDate, time: LocalTime, zone: Zone): Counted => {
  const wanted = wallOfDay(dayNumber(date), timeMs(time))
  return { at: instantOfWall(wanted, zone), wanted }
}

/** A day without an hour counts from its beginning, where hours are counted. */
export function momentOf(base: AnchorValue, zone: Zone): Instant {
  switch (base.is) {
    case 'day':
      return startOfDay(base.on, zone)
    case 'hour':
      return instantOf(base.on, base.at, base.zone)
    case 'moment':
      return base.at
  }
}

/**
 * The day that is counted from, on the rule's wall. A day alone floats: it is the same day everywhere. A day
 * whose hour is known floats too as long as the rule names its own hour, so that learning the hour of the
 * ceremony does not move a reminder to another day; otherwise the hour itself is what is counted.
 */
function dayAndTimeOf(base: AnchorValue, zone: Zone, ruleHasTime: boolean): [LocalDate, number | null] {
  if (base.is === 'day' || (base.is === 'hour' && ruleHasTime)) return [base.on, null]
  const wall = wallOf(momentOf(base, zone), zone)
  return [dateOfWall(wall), msIntoDay(wall)]
}

/** Never earlier than asked when counting on, never later when counting back. */
const snapTo = (at: Instant, ms: number, sign: Sign, zone: Zone): Instant =>
  sign > 0 ? nextTimeOfDay(at, ms, zone) : lastTimeOfDay(at, ms, zone)

const hoursOf = ({ hours, minutes }: Amount): Amount => ({ hours: hours ?? 0, minutes: minutes ?? 0 })

const counted = (at: Instant, zone: Zone): Counted => ({ at, wanted: wallOf(at, zone) })
