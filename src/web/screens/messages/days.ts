import { dateFormat } from '../../../ui/date-format.ts'
import { addDays, type Day, wholeMonth } from '../../../ui/month.ts'
import { dayIn, tellSoon, tellTime } from '../../times.ts'

/** Messages by day: the day is the business's, for whom the list is; the hour is the couple's. */
export function tellHeading(day: Day, today: Day): string {
  if (day === today) return 'Today'
  if (day === addDays(today, -1)) return 'Yesterday'
  if (day === addDays(today, 1)) return 'Tomorrow'
  const told = dateFormat(navigator.language, {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(day.slice(0, 4) === today.slice(0, 4) ? {} : { year: 'numeric' }),
  }).format(new Date(`${day}T00:00:00Z`))
  return wholeMonth(told.replaceAll(',', ''))
}

/** "10:00" under its day; with the day where the couple's calendar shows another one than the heading. */
export function tellUnder(iso: string, zone: string, home: string): string {
  const at = new Date(iso)
  return dayIn(at, zone) === dayIn(at, home) ? tellTime(iso, zone) : tellSoon(iso, zone)
}
