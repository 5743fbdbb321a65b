import type { LocalDate, LocalTime, Wall, Weekday } from './local.ts'

/**
 * Calendar days as whole numbers, counted from 1970-01-01. No zone and no clock: a day has no length here.
 * Written out instead of asking Temporal, which takes some microseconds for each answer; the tests ask both.
 */

/** Days from 1970-01-01. Counts years from March, so that the leap day is the last one of its year. */
export function dayNumber(date: LocalDate): number {
  const year = Number(date.slice(0, 4))
  const month = Number(date.slice(5, 7))
  const day = Number(date.slice(8, 10))
  return dayOf(year, month, day)
}

export function dateOfDay(day: number): LocalDate {
  const { year, month, dayOfMonth } = civil(day)
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(dayOfMonth, 2)}` as LocalDate
}

export const addDays = (date: LocalDate, days: number): LocalDate => dateOfDay(dayNumber(date) + days)

/** Whole months on; a day the month does not have becomes its last (31 March − 1 month = 28 February). */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const { year, month, dayOfMonth } = civil(dayNumber(date))
  const count = year * 12 + (month - 1) + months
  const newYear = Math.floor(count / 12)
  const newMonth = (((count % 12) + 12) % 12) + 1
  return dateOfDay(dayOf(newYear, newMonth, Math.min(dayOfMonth, daysInMonth(newYear, newMonth))))
}

/** Whole days from one day to the other; negative when `to` lies before. */
export const daysBetween = (from: LocalDate, to: LocalDate): number => dayNumber(to) - dayNumber(from)

/** 1970-01-01 was a Thursday. */
export const weekdayOf = (date: LocalDate): Weekday => weekdayOfDay(dayNumber(date))
export const weekdayOfDay = (day: number): Weekday => (((((day + 3) % 7) + 7) % 7) + 1) as Weekday

export const monthOf = (date: LocalDate): number => Number(date.slice(5, 7))

/** A day such as "2027-06-12", or null for anything else, impossible days (2026-02-30) included. */
export function parseLocalDate(text: string): LocalDate | null {
  const match = /^([1-9]\d{3})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return null
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  return text as LocalDate
}

/** A time of day such as "09:00", or null. "24:00" is none: it belongs to the next day. */
export const parseLocalTime = (text: string): LocalTime | null =>
  /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? (text as LocalTime) : null

/** As the parsers, for text that must be right: throws a RangeError that names it. */
export function localDate(text: string): LocalDate {
  const date = parseLocalDate(text)
  if (date === null) throw new RangeError(`"${text}" is not a day of the calendar`)
  return date
}
export function localTime(text: string): LocalTime {
  const time = parseLocalTime(text)
  if (time === null) throw new RangeError(`"${text}" is not a time of day`)
  return time
}

const DAY_MS = 86_400_000

export const timeMs = (time: LocalTime): number =>
  (Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))) * 60_000

export const wallAt = (date: LocalDate, time: LocalTime): Wall =>
  (dayNumber(date) * DAY_MS + timeMs(time)) as Wall
export const wallOfDay = (day: number, msIntoDay: number): Wall => (day * DAY_MS + msIntoDay) as Wall
export const dayOfWall = (wall: Wall): number => Math.floor(wall / DAY_MS)
export const msIntoDay = (wall: Wall): number => wall - dayOfWall(wall) * DAY_MS
export const dateOfWall = (wall: Wall): LocalDate => dateOfDay(dayOfWall(wall))

/** The hour and minute; what is smaller is left off, as on a kitchen clock. */
export function timeOfWall(wall: Wall): LocalTime {
  const minutes = Math.floor(msIntoDay(wall) / 60_000)
  return `${digits(Math.floor(minutes / 60), 2)}:${digits(minutes % 60, 2)}` as LocalTime
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function dayOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function civil(dayFrom1970: number): { year: number; month: number; dayOfMonth: number } {
  const shifted = dayFrom1970 + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  }
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0')
