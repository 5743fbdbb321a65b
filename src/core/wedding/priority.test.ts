import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, localDate } from '../time/calendar.ts'
import { instantFrom } from '../time/instant.ts'
import type { LocalTime, Zone } from '../time/local.ts'
import { withWedding } from './example-view.ts'
import {
  agedBand,
  atLeast,
  BANDS,
  type Band,
  bandFor,
  daysToWedding,
  scoreFor,
  urgencyOf,
} from './priority.ts'

const today = localDate('2027-06-12')

test('the bands of the decision table', () => {
  const rows: [number, Band, number][] = [
    [0, 'critical', 10],
    [1, 'critical', 10],
    [2, 'high', 9],
    [3, 'high', 9],
    [4, 'high', 8],
    [7, 'high', 8],
    [8, 'medium', 7],
    [14, 'medium', 7],
    [15, 'medium', 6],
    [30, 'medium', 6],
    [31, 'low', 5],
    [90, 'low', 5],
    [91, 'low', 4],
    [1_000, 'low', 4],
    [-1, 'low', 5],
    [-365, 'low', 5],
  ]
  const found = rows.map(([days]) => [
    days,
    bandFor(today, addDays(today, days)),
    scoreFor(today, addDays(today, days)),
  ])
  expect(found).toEqual(rows)
  expect([bandFor(today, null), scoreFor(today, null)]).toEqual(['low', 5])
})

test('nearer is never less urgent, until it is over', () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.nat(2_000), (a, b) => {
      const [near, far] = [urgencyOf(Math.min(a, b)), urgencyOf(Math.max(a, b))]
      expect(near.score).toBeGreaterThanOrEqual(far.score)
      expect(BANDS.indexOf(near.band)).toBeLessThanOrEqual(BANDS.indexOf(far.band))
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
