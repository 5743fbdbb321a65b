import { dateOfDay, dayNumber, weekdayOfDay } from './calendar.ts'
import type { LocalDate, Weekday } from './local.ts'

/** Which days count as working days; a vendor's view is one of these. */
export type WorkCalendar = {
  readonly workingDays: readonly Weekday[]
  readonly holidays: ReadonlySet<LocalDate>
}

/** Longer than any run of holidays; a calendar that has no business day in it is broken. */
const FREE_DAYS_IN_A_ROW_MAX = 400

/** Whoever names no working day works on all of them: "never" would hold every journey for ever. */
export const isBusinessDay = (date: LocalDate, work: WorkCalendar): boolean =>
  isBusinessDayNumber(dayNumber(date), work)

/**
 * The `count`-th business day after (`sign` 1) or before (−1) a day. With 0 the day itself if it is one, else
 * the nearest in that direction.
 */
export function addBusinessDays(date: LocalDate, count: number, sign: 1 | -1, work: WorkCalendar): LocalDate {
  let day = dayNumber(date)
  if (count === 0 && isBusinessDayNumber(day, work)) return date
  for (let left = Math.max(count, 1); left > 0; left--) day = nextBusinessDay(day, sign, work)
  return dateOfDay(day)
}

function nextBusinessDay(from: number, sign: 1 | -1, work: WorkCalendar): number {
  for (let step = 1; step <= FREE_DAYS_IN_A_ROW_MAX; step++) {
    const day = from + sign * step
    if (isBusinessDayNumber(day, work)) return day
  }
  throw new RangeError(`no business day within ${FREE_DAYS_IN_A_ROW_MAX} days of ${dateOfDay(from)}`)
}

function isBusinessDayNumber(day: number, work: WorkCalendar): boolean {
  if (work.workingDays.length > 0 && !work.workingDays.includes(weekdayOfDay(day))) return false
  return work.holidays.size === 0 || !work.holidays.has(dateOfDay(day))
}
