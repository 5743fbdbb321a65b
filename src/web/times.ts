import { dateFormat } from '../ui/date-format.ts'
import { type Day, tellDay, wholeMonth } from '../ui/month.ts'

/** How moments and days are told: never without their zone. */
const locale = (): string => navigator.language
export const hereZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** "Europe/London" as people call it. */
export const cityOf = (zone: string): string => (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')

/** "Sat 4 Sept 2027 10:00": a moment as the clock of this zone shows it. The city is said beside it. */
export function tellMoment(iso: string, zone: string): string {
  const at = new Date(iso)
  return `${tellDay(dayIn(at, zone))} ${tellTime(iso, zone)}`
}

/** "10:00", as the clock of this zone shows it. */
export const tellTime = (iso: string, zone: string): string =>
  dateFormat(locale(), {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso))

/** "Thursday 10 June 2027". */
export const tellWholeDay = (iso: string, zone: string): string =>
  dateFormat(locale(), {
    timeZone: zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(new Date(iso))

/** "today 13:00", "Mon 14 June 13:00": the year is said when it is another. */
export function tellSoon(iso: string, zone: string): string {
  const day = dayIn(new Date(iso), zone)
  const now = today(zone)
  if (day === now) return `today ${tellTime(iso, zone)}`
  const told = dateFormat(locale(), {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(day.slice(0, 4) === now.slice(0, 4) ? {} : { year: 'numeric' }),
  }).format(new Date(iso))
  return `${wholeMonth(told.replaceAll(',', ''))} ${tellTime(iso, zone)}`
}

/** "Mia Castellani & Jonas Brandt" are Mia & Jonas. */
export const firstNames = (names: string): string =>
  names
    .split(' & ')
    .map((name) => name.split(/\s+/)[0] ?? name)
    .join(' & ')

/** "Fri 11", for days close by. */
export const shortDay = (day: Day): string =>
  dateFormat(locale(), { timeZone: 'UTC', weekday: 'short', day: 'numeric' }).format(
    new Date(`${day}T00:00:00Z`),
  )

export const dayIn = (at: Date, zone: string): Day =>
  dateFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at)

export const today = (zone: string = hereZone()): Day => dayIn(new Date(), zone)

const DAY_MS = 86_400_000
/** "in 37 days", "tomorrow", "3 days ago"; beyond a year in years. */
export function fromTodayWords(day: Day, from: Day): string {
  const days = Math.round((Date.parse(day) - Date.parse(from)) / DAY_MS)
  if (Math.abs(days) < 2) return days === 0 ? 'today' : days > 0 ? 'tomorrow' : 'yesterday'
  return days > 0 ? `in ${days.toLocaleString()} days` : `${(-days).toLocaleString()} days ago`
}

const WORDS = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ')
/** Up to twelve in words, as a sentence says it; figures beyond. */
export const inWords = (count: number): string => WORDS[count] ?? count.toLocaleString()
export const capital = (text: string): string => text.slice(0, 1).toLocaleUpperCase() + text.slice(1)
