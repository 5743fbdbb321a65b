import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localDate } from '../time/calendar.ts'
import { instantFrom, plusMs } from '../time/instant.ts'
import type { LocalTime, Zone } from '../time/local.ts'
import { withWedding } from './example-view.ts'
import { agedBand, atLeast, BANDS, type Band, bandIn, daysToWedding, withDeadline } from './priority.ts'

test('the bands of the decision table', () => {
  const rows: [number, Band][] = [
    [0, 'critical'],
    [1, 'critical'],
    [2, 'high'],
    [3, 'high'],
    [4, 'high'],
    [7, 'high'],
    [8, 'medium'],
    [14, 'medium'],
    [15, 'medium'],
    [30, 'medium'],
    [31, 'low'],
    [90, 'low'],
    [91, 'low'],
    [1_000, 'low'],
    [-1, 'low'],
    [-365, 'low'],
  ]
  expect(rows.map(([days]) => [days, bandIn(days)])).toEqual(rows)
  expect(bandIn(null)).toBe('low')
})

test('a deadline within the hour is urgent, whatever the wedding; one that is further off changes nothing', () => {
  const now = instantFrom('2027-06-12T09:00:00Z')
  const inMinutes = (minutes: number, band: Band) => withDeadline(band, plusMs(now, minutes * 60_000), now)
  expect([inMinutes(59, 'low'), inMinutes(-1, 'medium'), inMinutes(5, 'critical')]).toEqual([
    'high',
    'high',
    'critical',
  ])
  expect([inMinutes(60, 'low'), withDeadline('low', null, now)]).toEqual(['low', 'low'])
})

test('nearer is never less urgent, until it is over', () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.nat(2_000), (a, b) => {
      const [near, far] = [bandIn(Math.min(a, b)), bandIn(Math.max(a, b))]
      expect(BANDS.indexOf(near)).toBeLessThanOrEqual(BANDS.indexOf(far))
    }),
  )
})

test('a step may ask for more, never for less', () => {
  expect(atLeast('low', 'critical')).toBe('critical')
  expect(atLeast('critical', 'low')).toBe('critical')
  expect(atLeast('medium', undefined)).toBe('medium')
})

test('ageing lifts what waits within a quarter of an hour, but never into the lanes of a wedding day', () => {
  const minutes = (count: number) => count * 60_000
  expect(agedBand('low', minutes(6.9))).toBe('low')
  expect(agedBand('low', minutes(7))).toBe('medium')
  expect(agedBand('low', minutes(14))).toBe('high')
  expect(agedBand('low', minutes(100_000))).toBe('high')
  expect(agedBand('medium', minutes(7))).toBe('high')
  expect(agedBand('high', minutes(100_000))).toBe('high')
  expect(agedBand('critical', 0)).toBe('critical')
  expect(agedBand('low', -1)).toBe('low')
})

describe('days to the wedding', () => {
  const rome = 'Europe/Rome' as Zone
  const now = instantFrom('2027-06-11T22:30:00Z')

  test('are counted on the calendar of the venue', () => {
    expect(daysToWedding(now, withWedding('2027-06-12', rome).anchors, rome)).toBe(0)
    expect(
      daysToWedding(now, withWedding('2027-06-12', 'America/New_York').anchors, 'America/New_York' as Zone),
    ).toBe(1)
  })

  test('do not depend on how much is known of the hour', () => {
    const hour = { is: 'hour', on: localDate('2027-06-12'), at: '15:00' as LocalTime, zone: rome } as const
    expect(daysToWedding(now, withWedding(hour, rome).anchors, rome)).toBe(0)
    const moment = { is: 'moment', at: instantFrom('2027-06-12T13:00:00Z') } as const
    expect(daysToWedding(now, withWedding(moment, rome).anchors, rome)).toBe(0)
  })

  test('are unknown while the date is', () => {
    expect(daysToWedding(now, withWedding(null, rome).anchors, rome)).toBeNull()
    expect(daysToWedding(now, {}, rome)).toBeNull()
  })
})
