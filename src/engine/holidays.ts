import Holidays from 'date-holidays'
import type { LocalDate } from '../core/time/local.ts'

/**
 * Public holidays of a region ("DE-BY", "US-NY", "GB"), for every year a journey can reach. The calendar data
 * is the library's; here it becomes a set of days, which is all the core wants to know.
 */
const YEAR_FIRST = 2020
const YEAR_LAST = 2045
const kept = new Map<string, ReadonlySet<LocalDate>>()

export function holidaysOf(region: string, extra: readonly LocalDate[]): ReadonlySet<LocalDate> {
  const known = publicHolidays(region)
  return extra.length === 0 ? known : new Set([...known, ...extra])
}

function publicHolidays(region: string): ReadonlySet<LocalDate> {
  const before = kept.get(region)
  if (before) return before
  const [country, state] = region.split('-')
  const calendar = new Holidays()
  const days = new Set<LocalDate>()
  // A region the library does not know has no public holidays; what a vendor adds by hand still counts.
  calendar.init(country ?? '', state ?? '')
  for (let year = YEAR_FIRST; year <= YEAR_LAST; year += 1) {
    for (const holiday of calendar.getHolidays(year)) {
      if (holiday.type === 'public')
        for (const day of daysOf(holiday.date, holiday.start, holiday.end)) days.add(day)
    }
  }
  kept.set(region, days)
  return days
}

/** A holiday is a local day; the library gives its first day as text and its length as two moments. */
function daysOf(date: string, start: Date, end: Date): LocalDate[] {
  const first = Temporal.PlainDate.from(date.slice(0, 10))
  const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000))
  return Array.from({ length }, (_, index) => first.add({ days: index }).toString() as LocalDate)
}
