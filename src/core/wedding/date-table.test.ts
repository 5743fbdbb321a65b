import { describe, expect, test } from 'vitest'
import { addAmount } from '../time/amount.ts'
import { localDate, localTime, parseLocalDate } from '../time/calendar.ts'
import { instantFrom, isoOf } from '../time/instant.ts'
import type { Zone } from '../time/local.ts'
import { instantOf, localTimeOf, startOfDay } from '../time/zone.ts'
import { exampleView, withWedding } from './example-view.ts'
import { bandIn, daysToWedding, weddingDayOf } from './priority.ts'
import { resolveWait } from './wait.ts'
import type { SingleWaitRule } from './wait-rule.ts'

/** Every row of the table of hard dates in the reliability chapter, in its order. */
const zone = (name: string) => name as Zone
const at = (place: string, day: string, time: string) =>
  isoOf(instantOf(localDate(day), localTime(time), zone(place)))
const NOW = instantFrom('2025-06-01T08:00:00Z')
const waitFor = (rule: SingleWaitRule, wedding: string, place: string) =>
  isoOf(resolveWait(rule, NOW, withWedding(wedding, place)).nominal!)
const daysLeft = (now: string, wedding: string, place: string) =>
  daysToWedding(instantFrom(now), withWedding(wedding, place).anchors, zone(place))

describe('the table of hard dates', () => {
  test('a December wedding in Vancouver keeps summer time since the law of 2026', () => {
    expect(at('America/Vancouver', '2026-12-05', '15:00')).toBe('2026-12-05T22:00:00.000Z')
  })

  test('a time New York skips goes later by the gap', () => {
    const rule = { on: '2026-03-08', at: '02:30', zone: { fixed: 'America/New_York' } }
    const wait = resolveWait(rule, NOW, exampleView)
    expect(isoOf(wait.nominal!)).toBe('2026-03-08T07:30:00.000Z')
    expect(localTimeOf(wait.nominal!, zone('America/New_York'))).toBe('03:30')
    expect(wait.because).toEqual([
      {
        code: 'nominal',
        values: {
          to: '2026-03-08T07:30:00.000Z',
          zone: 'America/New_York',
          rule,
          wanted: '2026-03-08 02:30',
        },
      },
    ])
  })

  test('a time New York has twice is the earlier one, and only that one', () => {
    expect(at('America/New_York', '2026-11-01', '01:30')).toBe('2026-11-01T05:30:00.000Z')
    const second = instantFrom('2026-11-01T06:30:00Z')
    const next = resolveWait({ next: '01:30', zone: { fixed: 'America/New_York' } }, second, exampleView)
    expect(isoOf(next.nominal!)).toBe('2026-11-02T06:30:00.000Z')
  })

  test('London: gap in March, overlap in October', () => {
    expect(at('Europe/London', '2026-03-29', '01:30')).toBe('2026-03-29T01:30:00.000Z')
    expect(at('Europe/London', '2026-10-25', '01:30')).toBe('2026-10-25T00:30:00.000Z')
  })

  test('Lord Howe skips half an hour', () => {
    expect(at('Australia/Lord_Howe', '2026-10-04', '02:15')).toBe('2026-10-03T15:45:00.000Z')
    expect(localTimeOf(instantFrom('2026-10-03T15:45:00Z'), zone('Australia/Lord_Howe'))).toBe('02:45')
  })

  test('a day in Cairo that has no midnight begins at one', () => {
    expect(isoOf(startOfDay(localDate('2026-04-24'), zone('Africa/Cairo')))).toBe('2026-04-23T22:00:00.000Z')
  })

  test('a leap-day wedding has its first anniversary on 28 February', () => {
    expect(waitFor({ after: { years: 1 }, of: 'wedding' }, '2028-02-29', 'UTC')).toBe(
      '2029-02-28T10:00:00.000Z',
    )
    expect(waitFor({ after: { years: 4 }, of: 'wedding' }, '2028-02-29', 'UTC')).toBe(
      '2032-02-29T10:00:00.000Z',
    )
  })

  test('one month before 31 March is 28 February', () => {
    expect(waitFor({ before: { months: 1 }, of: 'wedding' }, '2026-03-31', 'UTC')).toBe(
      '2026-02-28T10:00:00.000Z',
    )
  })

  test('the same wedding day lies a day apart on Kiritimati and in Pago Pago', () => {
    const rule: SingleWaitRule = { before: { days: 0 }, of: 'wedding', at: '09:00' }
    expect(waitFor(rule, '2026-06-20', 'Pacific/Kiritimati')).toBe('2026-06-19T19:00:00.000Z')
    expect(waitFor(rule, '2026-06-20', 'Pacific/Pago_Pago')).toBe('2026-06-20T20:00:00.000Z')
  })

  test('in Auckland it is already tomorrow: one day left, critical', () => {
    expect(daysLeft('2026-06-18T13:00:00Z', '2026-06-20', 'Pacific/Auckland')).toBe(1)
    expect(bandIn(1)).toBe('critical')
  })

  test('in Los Angeles the wedding day is not over when it is in Greenwich', () => {
    expect(daysLeft('2026-06-21T02:00:00Z', '2026-06-20', 'America/Los_Angeles')).toBe(0)
  })

  test('a wedding a year ago is not urgent', () => {
    const left = daysLeft('2027-06-20T09:00:00Z', '2026-06-20', 'Europe/London')
    expect([left, bandIn(left)]).toEqual([-365, 'low'])
  })

  test('one day and twenty-four hours differ over a change of clocks', () => {
    const noon = instantFrom('2026-03-07T17:00:00Z')
    const from = (amount: { days: number } | { hours: number }) =>
      isoOf(addAmount(noon, amount, 1, zone('America/New_York'), exampleView.vendor))
    expect(from({ days: 1 })).toBe('2026-03-08T16:00:00.000Z')
    expect(from({ hours: 24 })).toBe('2026-03-08T17:00:00.000Z')
  })

  test('days that do not exist are refused', () => {
    expect(parseLocalDate('2026-02-30')).toBeNull()
    expect(() => localDate('2026-02-30')).toThrow(RangeError)
    expect(() => instantFrom('2026-06-31T10:00:00Z')).toThrow(RangeError)
  })

  test('Mexico City without summer time, Kathmandu at a quarter', () => {
    expect(at('America/Mexico_City', '2026-06-20', '09:00')).toBe('2026-06-20T15:00:00.000Z')
    expect(at('Asia/Kathmandu', '2026-02-14', '09:00')).toBe('2026-02-14T03:15:00.000Z')
  })

  test('a day before that the place left out is the day before it, never the wedding itself', () => {
    // Samoa went from 29 to 31 December 2011.
    const samoa = (rule: SingleWaitRule) => waitFor(rule, '2011-12-31', 'Pacific/Apia')
    expect(samoa({ before: { days: 1 }, of: 'wedding', at: '09:00' })).toBe('2011-12-29T19:00:00.000Z')
    expect(samoa({ before: { days: 0 }, of: 'wedding', at: '09:00' })).toBe('2011-12-30T19:00:00.000Z')
    expect(samoa({ before: { days: 2 }, of: 'wedding', at: '09:00' })).toBe('2011-12-29T19:00:00.000Z')
  })
})

describe('hazards of the trade', () => {
  test('Europe and America change clocks on different weekends, and each message keeps its hour', () => {
    const rule: SingleWaitRule = { before: { days: 7 }, of: 'wedding', at: '09:00' }
    expect(waitFor(rule, '2026-11-04', 'Europe/Rome')).toBe('2026-10-28T08:00:00.000Z')
    expect(waitFor(rule, '2026-11-04', 'America/New_York')).toBe('2026-10-28T13:00:00.000Z')
    expect(waitFor(rule, '2026-11-08', 'America/New_York')).toBe('2026-11-01T14:00:00.000Z')
  })

  test('places without summer time stay where they are', () => {
    for (const place of ['America/Phoenix', 'Pacific/Honolulu', 'America/Cancun']) {
      const winter = instantOf(localDate('2027-01-10'), localTime('09:00'), zone(place))
      const summer = instantOf(localDate('2027-07-10'), localTime('09:00'), zone(place))
      expect((summer - winter) / 3_600_000 / 24).toBe(181)
    }
  })

  test('a wedding day without an hour never becomes midnight in Greenwich', () => {
    const view = withWedding('2027-06-12', 'Pacific/Honolulu')
    expect(weddingDayOf(view.anchors, zone('Pacific/Honolulu'))).toBe('2027-06-12')
    expect(waitFor({ before: { hours: 2 }, of: 'wedding' }, '2027-06-12', 'Pacific/Honolulu')).toBe(
      '2027-06-12T08:00:00.000Z',
    )
  })
})
