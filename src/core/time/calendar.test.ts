import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addDays,
  addMonths,
  dateOfDay,
  dayNumber,
  daysBetween,
  localDate,
  localTime,
  parseLocalDate,
  parseLocalTime,
  timeMs,
  timeOfWall,
  wallAt,
  weekdayOf,
} from './calendar.ts'
import type { LocalDate } from './local.ts'

const anyDay = fc.integer({
  min: dayNumber('1600-01-01' as LocalDate),
  max: dayNumber('2399-12-31' as LocalDate),
})
const temporal = (date: LocalDate) => Temporal.PlainDate.from(date)

test('days, months and weekdays are those of Temporal, over eight centuries', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: -4_000, max: 4_000 }), (day, count) => {
      const date = dateOfDay(day)
      const theirs = temporal(date)
      expect(dayNumber(date)).toBe(day)
      expect(weekdayOf(date)).toBe(theirs.dayOfWeek)
      expect(addDays(date, count)).toBe(theirs.add({ days: count }).toString())
      expect(addMonths(date, count)).toBe(theirs.add({ months: count }, { overflow: 'constrain' }).toString())
    }),
    { numRuns: 3_000 },
  )
})

test('days between two days, there and back', () => {
  fc.assert(
    fc.property(anyDay, anyDay, (a, b) => {
      const [from, to] = [dateOfDay(a), dateOfDay(b)]
      expect(daysBetween(from, to)).toBe(temporal(from).until(temporal(to), { largestUnit: 'days' }).days)
      expect(addDays(from, daysBetween(from, to))).toBe(to)
    }),
  )
})

test('a text is a day exactly when the calendar has it', () => {
  const part = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, '0'))
  fc.assert(
    fc.property(fc.integer({ min: 1_000, max: 9_999 }), part(13), part(32), (year, month, day) => {
      const text = `${year}-${month}-${day}`
      let known = true
      try {
        Temporal.PlainDate.from(text)
      } catch {
        known = false
      }
      expect(parseLocalDate(text)).toBe(known ? text : null)
    }),
    { numRuns: 2_000 },
  )
})

test('what is not written as a day or a time is refused by name', () => {
  for (const text of [
    '',
    '2026-2-3',
    '2026-02-30',
    '20260203',
    '2026-02-03T10:00',
    '0900-01-01',
    ' 2026-02-03',
  ]) {
    expect(parseLocalDate(text)).toBeNull()
  }
  expect(() => localDate('2027-02-29')).toThrow('"2027-02-29" is not a day of the calendar')
  expect(localDate('2028-02-29')).toBe('2028-02-29')
  for (const text of ['24:00', '9:00', '09:60', '09:00:00', '']) expect(parseLocalTime(text)).toBeNull()
  expect(() => localTime('25:00')).toThrow('"25:00" is not a time of day')
})

test('a month ends where it ends', () => {
  const month = (date: string, months: number) => addMonths(localDate(date), months)
  expect(month('2026-03-31', -1)).toBe('2026-02-28')
  expect(month('2028-03-31', -1)).toBe('2028-02-29')
  expect(month('2026-12-31', 2)).toBe('2027-02-28')
  expect(month('2026-01-31', -14)).toBe('2024-11-30')
  expect(month('2000-01-31', 1)).toBe('2000-02-29')
  expect(month('2100-01-31', 1)).toBe('2100-02-28')
})

test('a wall shows the minute it was set to, before 1970 too', () => {
  for (const date of ['1969-12-31', '1970-01-01', '2027-06-12']) {
    expect(timeOfWall(wallAt(localDate(date), localTime('23:07')))).toBe('23:07')
  }
  expect(timeMs(localTime('01:30'))).toBe(5_400_000)
})
