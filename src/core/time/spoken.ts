import { dateOfWall, timeOfWall, weekdayOf } from './calendar.ts'
import type { Instant } from './instant.ts'
import type { LocalDate, Zone } from './local.ts'
import { wallOf } from './zone.ts'

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const

/** "Thu 17 June 2027 10:00 Toronto": never a time without its place. */
export function tellMoment(at: Instant, zone: Zone): string {
  const wall = wallOf(at, zone)
  return `${tellDay(dateOfWall(wall))} ${timeOfWall(wall)} ${placeOf(zone)}`
}

/** "Thu 17 June 2027" */
export function tellDay(date: LocalDate): string {
  const month = MONTHS[Number(date.slice(5, 7)) - 1]
  return `${WEEKDAYS[weekdayOf(date) - 1]} ${Number(date.slice(8, 10))} ${month} ${Number(date.slice(0, 4))}`
}

/** The city a zone is named after: "Toronto", "Buenos Aires". */
export const placeOf = (zone: Zone): string => zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')
