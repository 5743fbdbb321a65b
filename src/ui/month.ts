import { dateFormat } from './date-format.ts'

/**
 * A calendar sheet: which days a month shows, and where a key leads. Days are ISO dates ("2027-06-12") and have
 * no zone; UTC arithmetic never meets a day of 23 hours. Rules about weddings live in core, not here.
 */
export type Day = string
export type Month = { readonly year: number; readonly month: number }

const DAY_MS = 86_400_000
const at = (day: Day): number => Date.parse(`${day}T00:00:00Z`)
const dayOf = (ms: number): Day => new Date(ms).toISOString().slice(0, 10)

/** The fields of a day that exists; "2027-02-30" is none. */
export function isDay(text: string): text is Day {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at(text)) && dayOf(at(text)) === text
}

export const addDays = (day: Day, count: number): Day => dayOf(at(day) + count * DAY_MS)

export function monthOf(day: Day): Month {
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)) }
}

export function addMonths({ year, month }: Month, count: number): Month {
  const index = year * 12 + (month - 1) + count
  return { year: Math.floor(index / 12), month: (index % 12) + 1 }
}

/** The same day of another month; the 31st becomes the last there is. */
export function dayInMonth(day: Day, { year, month }: Month): Day {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const date = Math.min(Number(day.slice(8, 10)), last)
  return dayOf(Date.UTC(year, month - 1, date))
}

/** 1 is Monday, 7 is Sunday. */
export const weekday = (day: Day): number => ((new Date(at(day)).getUTCDay() + 6) % 7) + 1

/** Whole weeks, as many as the month touches. */
export function weeksOf(month: Month, firstWeekday = 1): readonly (readonly Day[])[] {
  const first = dayOf(Date.UTC(month.year, month.month - 1, 1))
  const last = dayOf(Date.UTC(month.year, month.month, 0))
  const weeks: Day[][] = []
  for (
    let start = addDays(first, -((weekday(first) - firstWeekday + 7) % 7));
    start <= last;
    start = addDays(start, 7)
  )
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(start, index)))
  return weeks
}

/** Where a key leads from this day, or null when it leads nowhere. */
export function dayAfterKey(day: Day, key: string, firstWeekday = 1): Day | null {
  const fromWeekStart = (weekday(day) - firstWeekday + 7) % 7
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1)
    case 'ArrowRight':
      return addDays(day, 1)
    case 'ArrowUp':
      return addDays(day, -7)
    case 'ArrowDown':
      return addDays(day, 7)
    case 'Home':
      return addDays(day, -fromWeekStart)
    case 'End':
      return addDays(day, 6 - fromWeekStart)
    case 'PageUp':
      return dayInMonth(day, addMonths(monthOf(day), -1))
    case 'PageDown':
      return dayInMonth(day, addMonths(monthOf(day), 1))
    default:
      return null
  }
}

const locale = (): string => navigator.language
const utc = (options: Intl.DateTimeFormatOptions, day: Day): string =>
  dateFormat(locale(), { ...options, timeZone: 'UTC' }).format(at(day))

/** "Sat 4 Sept 2027", as the reader's locale writes it. */
export const tellDay = (day: Day): string =>
  wholeMonth(withoutPause(utc({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }, day)))
/** In English a month of four letters is written out, as in every sentence of the house. */
export const wholeMonth = (text: string): string => text.replace(/\bJun\b/, 'June').replace(/\bJul\b/, 'July')
/** Some locales put a comma after the weekday; in a row of dates it is noise. */
const withoutPause = (text: string): string => text.replace(/^(\p{L}+\.?), /u, '$1 ')
export const tellDayInFull = (day: Day): string =>
  withoutPause(utc({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }, day))
export const tellMonth = ({ year, month }: Month): string =>
  utc({ month: 'long', year: 'numeric' }, dayOf(Date.UTC(year, month - 1, 1)))
/** Monday 1 January 2024 and the six after it, named. */
export const weekdayName = (index: number, width: 'narrow' | 'long'): string =>
  utc({ weekday: width }, addDays('2024-01-01', index - 1))
