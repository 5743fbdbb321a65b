import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Amount } from '../wedding/wait-rule.ts'
import { addAmount, addToDate, placeOn, type Sign, timesAmount } from './amount.ts'
import { addBusinessDays, isBusinessDay, type WorkCalendar } from './business-day.ts'
import { addDays, dateOfDay, dayNumber, daysBetween, localDate } from './calendar.ts'
import { instant, instantFrom, isoOf } from './instant.ts'
import type { LocalDate, Weekday, Zone } from './local.ts'
import { localDateOf, localTimeOf } from './zone.ts'

const weekdays: WorkCalendar = { workingDays: [1, 2, 3, 4, 5], holidays: new Set() }
const anyDate = fc
  .integer({ min: dayNumber(localDate('2020-01-01')), max: dayNumber(localDate('2035-12-31')) })
  .map(dateOfDay)
const anyWork = fc.record({
  workingDays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }).map((day) => day as Weekday)),
  holidays: fc.array(anyDate, { maxLength: 200 }).map((dates) => new Set<LocalDate>(dates)),
})
const zone = (name: string) => name as Zone

describe('business days', () => {
  test('the n-th business day is one, and n−1 lie between', () => {
    fc.assert(
      fc.property(
        anyDate,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom<Sign>(1, -1),
        anyWork,
        (date, count, sign, work) => {
          const found = addBusinessDays(date, count, sign, work)
          expect(isBusinessDay(found, work)).toBe(true)
          let between = 0
          for (let day = addDays(date, sign); day !== found; day = addDays(day, sign)) {
            if (isBusinessDay(day, work)) between++
          }
          expect(between).toBe(count - 1)
        },
      ),
    )
  })

  test('none at all from a business day is that day, from another the nearest in the direction', () => {
    expect(addBusinessDays(localDate('2027-06-11'), 0, 1, weekdays)).toBe('2027-06-11')
    expect(addBusinessDays(localDate('2027-06-12'), 0, 1, weekdays)).toBe('2027-06-14')
    expect(addBusinessDays(localDate('2027-06-12'), 0, -1, weekdays)).toBe('2027-06-11')
  })

  test('a holiday is no business day, and whoever names no working day works on all', () => {
    const easter = { ...weekdays, holidays: new Set([localDate('2027-03-26'), localDate('2027-03-29')]) }
    expect(addBusinessDays(localDate('2027-03-25'), 1, 1, easter)).toBe('2027-03-30')
    expect(isBusinessDay(localDate('2027-06-13'), { workingDays: [], holidays: new Set() })).toBe(true)
  })

  test('a calendar without any business day is told, not searched for ever', () => {
    const closed = new Set(Array.from({ length: 500 }, (_, day) => addDays(localDate('2027-01-01'), day)))
    expect(() => addBusinessDays(localDate('2027-01-01'), 1, 1, { ...weekdays, holidays: closed })).toThrow(
      'no business day within 400 days of 2027-01-01',
    )
  })
})

describe('amounts', () => {
  const anyExact = fc.record({
    hours: fc.integer({ min: 0, max: 5_000 }),
    minutes: fc.integer({ min: 0, max: 5_000 }),
  })

  test('hours and minutes are exact everywhere and undone by their opposite', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1.7e12, max: 2.0e12 }),
        anyExact,
        fc.constantFrom('Europe/Rome', 'Australia/Lord_Howe'),
        (ms, amount, name) => {
          const there = addAmount(instant(ms), amount, 1, zone(name), weekdays)
          expect(there - ms).toBe((amount.hours * 60 + amount.minutes) * 60_000)
          expect(addAmount(there, amount, -1, zone(name), weekdays)).toBe(ms)
        },
      ),
    )
  })

  test('days and weeks keep the time on the wall unless the clocks skip it', () => {
    fc.assert(
      fc.property(
        anyDate,
        fc.integer({ min: 0, max: 2_000 }),
        fc.constantFrom<Sign>(1, -1),
        (date, count, sign) => {
          const rome = zone('Europe/Rome')
          const from = placeOn(date, 36_000_000, 1, rome)
          const to = addAmount(from, { days: count }, sign, rome, weekdays)
          expect(daysBetween(date, localDateOf(to, rome))).toBe(count === 0 ? 0 : sign * count)
          expect(localTimeOf(to, rome)).toBe('10:00')
        },
      ),
    )
  })

  test('years and months first, then days, then business days, then hours', () => {
    const amount: Amount = { years: 1, months: 1, days: 1, businessDays: 1, hours: 2 }
    // 31 January 2026 + 13 months = 28 February 2027, Sunday; + 1 day = Monday; + 1 business day = Tuesday.
    expect(addToDate(localDate('2026-01-31'), amount, 1, weekdays)).toBe('2027-03-02')
    const from = instantFrom('2026-01-31T09:00:00Z')
    expect(isoOf(addAmount(from, amount, 1, zone('UTC'), weekdays))).toBe('2027-03-02T11:00:00.000Z')
  })

  test('n times an amount is each of its units n times', () => {
    expect(timesAmount({ months: 1, hours: 2 }, 3)).toEqual({ months: 3, hours: 6 })
  })
})
