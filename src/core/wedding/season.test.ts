import { describe, expect, test } from 'vitest'
import { localDate } from '../time/calendar.ts'
import type { Zone } from '../time/local.ts'
import { capacityMultiplier, loadIndex, monthIndex, partOf, profileOf, regionOf } from './season.ts'
import { SEASON_PROFILES, type SeasonRegion } from './season-profiles.ts'

const sum = (shares: readonly number[]) => shares.reduce((total, share) => total + share, 0)
const months = Array.from({ length: 12 }, (_, index) => index + 1)

test('every curve is a whole year and a whole week', () => {
  for (const { region, weddings, inquiries } of Object.values(SEASON_PROFILES)) {
    for (const curve of [weddings, inquiries]) {
      expect([region, curve.months.length, curve.weekdays.length]).toEqual([region, 12, 7])
      expect(sum(curve.months)).toBeCloseTo(100, 6)
      expect(sum(curve.weekdays)).toBeCloseTo(100, 6)
    }
  }
})

test('published figures are what was published', () => {
  const { US, GB, AU, FR } = SEASON_PROFILES
  expect([10, 9, 6, 5, 11].map((month) => US.weddings.months[month - 1])).toEqual([20, 15, 10, 8, 8])
  expect([GB.weddings.months[7], GB.weddings.months[0], GB.weddings.weekdays[5]]).toEqual([14.3, 2.6, 41.9])
  expect([AU.weddings.months[5], AU.weddings.weekdays[5], sum(AU.weddings.weekdays.slice(0, 4))]).toEqual([
    4.8, 62, 12,
  ])
  expect([sum(FR.weddings.months.slice(4, 9)), sum(FR.weddings.months.slice(5, 9))]).toEqual([71, 60])
})

test('an October Saturday in the United States is the busiest day, a weekday in January the quietest', () => {
  const { weddings } = profileOf('US')
  expect(monthIndex(weddings, 10)).toBeCloseTo(2.4)
  expect(loadIndex(weddings, localDate('2027-10-09'))).toBeCloseTo(9.744)
  expect(loadIndex(weddings, localDate('2027-01-12'))).toBeCloseTo(0.36 * 0.14)
})

test('inquiries peak in January and February, when weddings are rare', () => {
  for (const region of ['US', 'GB', 'FR', 'north'] as const) {
    const { inquiries, weddings } = profileOf(region)
    expect(Math.min(monthIndex(inquiries, 1), monthIndex(inquiries, 2))).toBeGreaterThan(1.4)
    expect(Math.max(monthIndex(weddings, 1), monthIndex(weddings, 2))).toBeLessThan(0.6)
  }
})

describe('capacity', () => {
  const peaks = (region: SeasonRegion) => months.filter((month) => partOf(region, month) === 'peak')

  test('peak is May to September in the north, half a year later in the south, with October in the US', () => {
    expect(peaks('GB')).toEqual([5, 6, 7, 8, 9])
    expect(peaks('south')).toEqual([1, 2, 3, 11, 12])
    expect(peaks('US')).toEqual([5, 6, 7, 8, 9, 10])
    expect(peaks('AU')).toEqual([3, 4, 10, 11])
    expect(months.filter((month) => partOf('FR', month) === 'mid')).toEqual([4, 10])
  })

  test('the multipliers of the house stack; a wedding day is not counted as its week as well', () => {
    const day = { date: localDate('2027-06-12'), region: 'GB', weddingDay: true, weddingWeek: true } as const
    expect(capacityMultiplier(day)).toBe(5 * 3 * 5)
    expect(capacityMultiplier({ ...day, weddingDay: false })).toBe(5 * 3 * 2)
    expect(
      capacityMultiplier({ ...day, date: localDate('2027-01-13'), weddingDay: false, weddingWeek: false }),
    ).toBe(1)
  })

  test('are configuration', () => {
    const flat = { peak: 1, mid: 1, off: 1, weekend: 1, weddingWeek: 1, weddingDay: 1 }
    const day = { date: localDate('2027-06-12'), region: 'GB', weddingDay: true, weddingWeek: true } as const
    expect(capacityMultiplier(day, flat)).toBe(1)
  })
})

describe('the region of a venue', () => {
  test.each([
    ['US', 'America/New_York', 'US'],
    ['GB-SCT', 'Europe/London', 'GB'],
    ['AU', 'Australia/Sydney', 'AU'],
    ['AU', 'Australia/Darwin', 'north'],
    ['FR', 'Europe/Paris', 'FR'],
    ['FR', 'Indian/Reunion', 'south'],
    ['NZ', 'Pacific/Auckland', 'south'],
    ['IT', 'Europe/Rome', 'north'],
    ['in', 'Asia/Kolkata', 'IN'],
    [null, 'America/Chicago', 'US'],
    [null, 'Australia/Perth', 'AU'],
    [null, 'America/Argentina/Salta', 'south'],
    [null, 'Africa/Johannesburg', 'south'],
    [null, 'Europe/Athens', 'north'],
  ] as const)('country %s, zone %s: %s', (country, zone, region) => {
    expect(regionOf(country, zone as Zone)).toBe(region)
  })
})
